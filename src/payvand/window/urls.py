"""Which address leads to which page of the window?"""

from django.urls import path

from payvand.window.views import administration, apply, cases, catalogue, everybody, office

app_name = "window"
urlpatterns = [
    path("services/", catalogue.catalogue, name="catalogue"),
    path("services/<slug:slug>/", catalogue.service, name="service"),
    path("services/<slug:slug>/start/", apply.start, name="start"),
    path("services/<slug:slug>/assist/", apply.assist, name="assist"),
    path("drafts/<uuid:draft_id>/", apply.draft, name="draft"),
    path("drafts/<uuid:draft_id>/check/", apply.check, name="check"),
    path("drafts/<uuid:draft_id>/delete/", apply.drop, name="drop"),
    path("drafts/<uuid:draft_id>/steps/<slug:step_id>/", apply.step, name="step"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<uuid:case_id>/", cases.case, name="case"),
    path("cases/<uuid:case_id>/receipt/", apply.receipt, name="receipt"),
    path("cases/<uuid:case_id>/withdraw/", cases.withdraw, name="withdraw"),
    path("cases/<uuid:case_id>/object/", cases.object_, name="object"),
    path("cases/<uuid:case_id>/fees/<int:fee_id>/", cases.pay, name="pay"),
    path("cases/<uuid:case_id>/complete/<uuid:request_id>/", cases.complete, name="complete"),
    path("files/<uuid:file_id>/", cases.file, name="file"),
    path("follow/", everybody.find_case, name="find_case"),
    path("verify/", everybody.verify, name="verify"),
    path("licences/<uuid:licence_id>/", everybody.licence, name="licence"),
    path("licences/<uuid:licence_id>/<slug:act>/", office.licence_act, name="licence_act"),
    path("cities/", everybody.cities, name="cities"),
    path("decide/", office.to_decide, name="to_decide"),
    path("decide/<uuid:case_id>/", office.decide, name="decide"),
    path("admin/services/", administration.services, name="services"),
    path("admin/services/install/", administration.install, name="install"),
]
