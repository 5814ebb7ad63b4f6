"""Which addresses has the databank?"""

from __future__ import annotations

from django.urls import path

from payvand.registry.views import databank, databank_desk, databank_groups, databank_mine

urlpatterns = [
    path("databank/", databank.listing, name="databank"),
    path("databank/databank.csv", databank.open_data, name="databank_csv"),
    path("databank/codes/", databank.codes, name="databank_codes"),
    path("databank/groups/", databank_groups.group_list, name="databank_groups"),
    path("databank/groups/found/", databank_groups.found, name="found_group"),
    path("databank/groups/<uuid:group_id>/", databank_groups.group, name="databank_group"),
    path("databank/groups/<uuid:group_id>/edit/", databank_groups.edit, name="edit_group"),
    path("databank/groups/<uuid:group_id>/members/", databank_groups.members,
         name="group_members"),
    path("databank/groups/<uuid:group_id>/members/<uuid:party_id>/leave/", databank_groups.leave,
         name="leave_group"),
    path("databank/groups/<uuid:group_id>/state/", databank_groups.move_group, name="move_group"),
    path("databank/mine/", databank_mine.mine, name="databank_mine"),
    path("databank/claim/", databank_mine.claim, name="databank_claim"),
    path(
        "databank/claims/<int:claim_id>/withdraw/",
        databank_mine.withdraw_claim,
        name="databank_withdraw",
    ),
    path("databank/positions/<int:position_id>/", databank_mine.position, name="databank_position"),
    path("databank/desk/", databank_desk.index, name="databank_desk"),
    path("databank/desk/claims/<int:claim_id>/", databank_desk.claim, name="databank_decide"),
    path("databank/desk/pairs/<int:pair_id>/", databank_desk.pair, name="databank_pair"),
    path("databank/desk/duplicates/", databank_desk.search_duplicates, name="databank_duplicates"),
    path("databank/desk/merges/<int:merge_id>/undo/", databank_desk.undo, name="databank_undo"),
    path("databank/desk/import/", databank_desk.upload, name="databank_import"),
    path("databank/desk/import/template.csv", databank_desk.template, name="databank_template"),
    path("databank/desk/import/<int:run_id>/", databank_desk.run, name="databank_run"),
    path("databank/desk/import/<int:run_id>/report.csv", databank_desk.run_csv,
         name="databank_run_csv"),
    path("databank/<uuid:party_id>/", databank.profile, name="databank_profile"),
    path("databank/<uuid:party_id>/edit/", databank_mine.edit, name="databank_edit"),
    path("databank/<uuid:party_id>/edit/<slug:kind>/", databank_mine.entry, name="databank_add"),
    path(
        "databank/<uuid:party_id>/edit/<slug:kind>/<int:entry_id>/",
        databank_mine.entry,
        name="databank_entry",
    ),
    path(
        "databank/<uuid:party_id>/edit/<slug:kind>/<int:entry_id>/drop/",
        databank_mine.drop,
        name="databank_drop",
    ),
    path("databank/<uuid:party_id>/import/", databank_mine.upload, name="databank_own_import"),
    path("databank/<uuid:party_id>/person/", databank_mine.person, name="databank_person"),
    path("databank/<uuid:party_id>/confirm/", databank_mine.confirm, name="databank_confirm"),
    path("databank/<uuid:party_id>/consent/", databank_mine.consent, name="databank_consent"),
    path(
        "databank/<uuid:party_id>/export.<slug:form>", databank_mine.export_all,
        name="databank_export",
    ),
    path("databank/<uuid:party_id>/erase/", databank_mine.erase, name="databank_erase"),
    path(
        "databank/<uuid:party_id>/verify/<slug:kind>/", databank_desk.verify, name="databank_verify"
    ),
    path(
        "databank/<uuid:party_id>/verify/<slug:kind>/<int:entry_id>/",
        databank_desk.verify,
        name="databank_verify_entry",
    ),
]  # fmt: skip
