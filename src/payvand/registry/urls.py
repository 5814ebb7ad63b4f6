"""Which addresses has the registry?"""

from django.urls import path

from payvand.registry import views
from payvand.registry.views import accounts, databank_addresses, organisations, sites

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
    path("administration/agencies/add/", organisations.add, name="add_agency"),
    path("administration/agencies/<uuid:agency_id>/", views.agency, name="agency"),
    path("administration/agencies/<uuid:agency_id>/duty/", organisations.duty, name="agency_duty"),
    *databank_addresses.urlpatterns,
    path("administration/accounts/", accounts.accounts, name="accounts"),
    path("administration/accounts/open/", accounts.open_account, name="open_account"),
    path("counter/open-account/", accounts.open_at_counter, name="open_at_counter"),
    path("administration/accounts/<int:user_id>/", accounts.account, name="account"),
    path("organisations/<uuid:org_id>/people/", accounts.people, name="people"),
    path(
        "organisations/<uuid:org_id>/people/<int:seat_id>/end/", accounts.end_seat, name="end_seat"
    ),
    path("sites/", sites.sites, name="sites"),
    path("sites/add/", sites.add, name="add_site"),
    path("sites/<uuid:site_id>/", sites.site, name="site"),
    path("profile/password/", accounts.my_password, name="password"),
    path("profile/", views.my_profile, name="profile"),
    path("profile/mandates/<int:mandate_id>/withdraw/", views.withdraw, name="withdraw"),
]
