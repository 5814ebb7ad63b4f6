"""Which address leads to the demonstration's own pages? Mounted under the language prefix."""

from __future__ import annotations

from django.urls import path

from payvand.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.welcome, name="welcome"),
    path("demo/act/", views.act, name="act"),
    path("demo/advance/", views.advance, name="advance"),
    path("demo/under-way/", views.under_way, name="under_way"),
    path("demo/agency/inquiries", views.agency_system, name="agency_system"),
]
