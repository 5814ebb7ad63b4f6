"""Which address leads to which figures? Mounted under the language prefix."""

from __future__ import annotations

from django.urls import path

from payvand.insight import views

app_name = "insight"
urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/agency/<uuid:agency_id>/", views.agency, name="agency"),
    path("performance/", views.performance, name="performance"),
    path("performance/league.csv", views.league_csv, name="league_csv"),
]
