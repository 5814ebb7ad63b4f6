"""Which address leads to which page of the ledger? Mounted under the language prefix."""

from __future__ import annotations

from django.urls import path

from payvand.ledger.views import desk, downloads, handing, link, officials, operations

app_name = "ledger"
urlpatterns = [
    path("inbox/", desk.inbox, name="inbox"),
    path("inbox/claim/", handing.claim, name="claim"),
    path("inbox/hand-over/", handing.hand_over, name="hand_over"),
    path("inbox/answer/", desk.answer_many, name="answer_many"),
    path("inquiry/<uuid:obligation_id>/", desk.obligation, name="obligation"),
    path("inquiry/<uuid:obligation_id>/sign/", desk.sign, name="sign"),
    path("inquiry/<uuid:obligation_id>/correct/", desk.correct, name="correct"),
    path("inquiry/<uuid:obligation_id>/receipt/", desk.receipt, name="receipt"),
    path(
        "inquiry/<uuid:obligation_id>/files/<uuid:file_id>/",
        downloads.carried_file,
        name="carried_file",
    ),
    path("answer-files/<uuid:file_id>/", downloads.answer_file, name="answer_file"),
    path("answer/<str:token>/files/<uuid:file_id>/", downloads.file_by_link, name="file_by_link"),
    path("answer/<str:token>/", link.answer_by_link, name="answer_by_link"),
    path("reports/", officials.desk, name="desk"),
    path("resolutions/", officials.resolution_list, name="resolutions"),
    path("resolutions/import/", officials.resolution_import, name="resolution_import"),
    path("notices/", officials.notice_list, name="notices"),
    path("notices/read/", officials.notices_read, name="notices_read"),
    path("operations/", operations.pulse, name="administration"),
    path("operations/pulse/", operations.pulse, name="pulse"),
    path("operations/dead-letters/", operations.dead_letters, name="dead_letters"),
    path("operations/closure/", operations.closure, name="closure"),
    path("operations/moving/<str:job>/", operations.moving, name="moving"),
]
