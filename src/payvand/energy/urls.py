"""Which address leads to which page about energy? Mounted under the language prefix."""

from __future__ import annotations

from django.urls import path, register_converter

from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.views import (
    assets,
    balance,
    consumers,
    loading,
    officials,
    plans,
    schedules,
    thresholds,
    uploads,
)


class OneCarrier:
    """A carrier in an address."""

    regex = "|".join(CARRIERS)

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


register_converter(OneCarrier, "carrier")
app_name = "energy"
urlpatterns = [
    path("electricity/", schedules.choose, name="schedules"),
    path("<carrier:carrier>/<slug:area>/", schedules.schedule, name="schedule"),
    path("<carrier:carrier>/<slug:area>/schedule.csv", schedules.schedule_csv,
         name="schedule_csv"),
    path("<carrier:carrier>/<slug:area>/openadr.json", schedules.schedule_openadr,
         name="schedule_openadr"),
    path("energy/", officials.officials, name="officials"),
    path("energy/choose/", balance.choose, name="choose"),
    path("energy/thresholds/", thresholds.thresholds, name="thresholds"),
    path("energy/mine/", consumers.mine, name="mine"),
    path("energy/mine/<uuid:asset_id>/", consumers.asset, name="asset"),
    path("energy/mine/<uuid:asset_id>/complain/", consumers.complain, name="complain"),
    path("energy/mine/<uuid:asset_id>/offers/<int:offer_id>/withdraw/", consumers.withdraw,
         name="withdraw"),
    path("energy/requests/<uuid:request_id>/", consumers.asked, name="request"),
    path("energy/requests/<uuid:request_id>/answer/", consumers.answer, name="answer"),
    path("energy/requests/<uuid:request_id>/openadr.json", consumers.openadr,
         name="request_openadr"),
    path("energy/plans/<uuid:plan_id>/", plans.plan, name="plan"),
    path("energy/plans/<uuid:plan_id>/approval/", plans.approval, name="approval"),
    path("energy/plans/<uuid:plan_id>/decide/", plans.decide, name="decide"),
    path("energy/plans/<uuid:plan_id>/settlement/", plans.settlement, name="settlement"),
    path("energy/plans/<uuid:plan_id>/openadr.json", plans.openadr, name="plan_openadr"),
    path("energy/plans/<uuid:plan_id>/rota.csv", plans.rota, name="rota"),
    path("energy/plans/<uuid:plan_id>/plan.csv", plans.table, name="plan_csv"),
    path("energy/plans/<uuid:plan_id>/<slug:what>/", plans.step, name="step"),
    path("energy/<slug:area>/balance/", balance.balance, name="balance"),
    path("energy/<slug:area>/burden/", balance.burden, name="burden"),
    path("energy/<slug:area>/load/", loading.load, name="load"),
    path("energy/<slug:area>/uploads/<uuid:upload_id>/", uploads.upload, name="upload"),
    path("energy/<slug:area>/consumers/", assets.assets, name="assets"),
    path("energy/<slug:area>/consumers/new/", assets.add, name="asset_add"),
    path("energy/<slug:area>/consumers/import/", assets.upload, name="asset_import"),
    path("energy/<slug:area>/consumers/template.csv", assets.template, name="asset_template"),
    path("energy/<slug:area>/consumers/<uuid:asset_id>/", assets.change, name="asset_change"),
    path("energy/<slug:area>/consumers/<uuid:asset_id>/close/", assets.close, name="asset_close"),
    path("energy/<slug:area>/threshold/", thresholds.threshold, name="threshold"),
    path("energy/<slug:area>/forecast/", balance.forecast, name="forecast"),
    path("energy/<slug:area>/plan/", balance.make_plan, name="make_plan"),
    path("energy/<slug:area>/release/", balance.release, name="release"),
    path("energy/<slug:area>/warnings/<uuid:obligation_id>/", balance.acknowledge,
         name="acknowledge"),
]  # fmt: skip
