"""Which address leads to the delay account, the scorecards, the warnings and the release study?"""

from __future__ import annotations

from django.urls import path

from payvand.foresight.views import delays

urlpatterns = [
    path("delays/", delays.delays, name="delays"),
    path("delays/cases/", delays.cases, name="delay_cases"),
    path("delays/account.csv", delays.delays_csv, name="delays_csv"),
    path("delays/rate/", delays.rate, name="rate"),
]
