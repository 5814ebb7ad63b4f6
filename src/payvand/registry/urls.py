"""Which addresses has the registry?"""

from django.urls import path

from payvand.registry import views

app_name = "registry"
urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:fact_id>/retract/", views.retract, name="retract"),
    path("administration/offices/", views.offices, name="offices"),
    path("administration/offices/<int:office_id>/", views.office, name="office"),
    path(
        "administration/offices/<int:office_id>/holdings/<int:holding_id>/end/",
        views.end_holding,
        name="end_holding",
    ),
    path("administration/agencies/", views.agencies, name="agencies"),
    path("administration/agencies/<uuid:agency_id>/", views.agency, name="agency"),
    path("profile/", views.my_profile, name="profile"),
    path("profile/mandates/<int:mandate_id>/withdraw/", views.withdraw, name="withdraw"),
]
