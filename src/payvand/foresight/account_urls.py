"""Which address leads to the delay account, the scorecards, the warnings and the release study?"""

from __future__ import annotations

from django.urls import path

from payvand.foresight.views import clocks, delays, scorecards, studies, warnings

urlpatterns = [
    path("delays/", delays.delays, name="delays"),
    path("delays/cases/", delays.cases, name="delay_cases"),
    path("delays/case/<uuid:key>/", clocks.case, name="case_clocks"),
    path("delays/account.csv", delays.delays_csv, name="delays_csv"),
    path("delays/rate/", delays.rate, name="rate"),
    path("delays/warnings/", warnings.warnings, name="warnings"),
    path("delays/trs/", studies.trs, name="trs"),
    path("delays/trs/study.xlsx", studies.workbook, name="trs_xlsx"),
    path("scorecards/", scorecards.scorecards, name="scorecards"),
    path("scorecards/draw/", scorecards.draw, name="draw"),
    path("scorecards/<uuid:key>/", scorecards.scorecard, name="scorecard"),
    path("scorecards/<uuid:key>/scorecard.csv", scorecards.scorecard_csv, name="scorecard_csv"),
    path("scorecards/<uuid:key>/publish/", scorecards.publish, name="publish"),
    path("scorecards/<uuid:key>/reply/<uuid:agency>/", scorecards.reply, name="reply"),
]
