"""Which addresses has the exchange?"""

from __future__ import annotations

from django.urls import path

from payvand.matching.views import buyer, fair, firm, public

app_name = "matching"
urlpatterns = [
    path("exchange/", public.needs, name="needs"),
    path("exchange/needs.rss", public.feed, name="feed"),
    path("exchange/needs-ocds.json", public.ocds, name="ocds"),
    path("exchange/firms/", public.firms, name="firms"),
    path("exchange/words/", public.words, name="words"),
    path("exchange/supply/", public.supply, name="supply"),
    path("exchange/supply.csv", public.supply_csv, name="supply_csv"),
    path("exchange/results/", public.results, name="results"),
    path("exchange/work/", public.work, name="work"),
    path("exchange/mine/", firm.mine, name="mine"),
    path("exchange/fitting/", firm.fitting, name="fitting"),
    path("exchange/saved/", firm.saved, name="saved"),
    path("exchange/write/", buyer.write, name="write"),
    path("exchange/needs/<uuid:need_id>/", public.need, name="need"),
    path("exchange/needs/<uuid:need_id>/edit/", buyer.edit, name="edit"),
    path("exchange/needs/<uuid:need_id>/step/", buyer.step, name="step"),
    path("exchange/needs/<uuid:need_id>/extend/", buyer.change, {"kind": "extend"}, name="extend"),
    path("exchange/needs/<uuid:need_id>/withdraw/", buyer.change, {"kind": "withdraw"},
         name="withdraw_need"),
    path("exchange/needs/<uuid:need_id>/telling/", buyer.telling, name="telling"),
    path("exchange/needs/<uuid:need_id>/firms/", buyer.matches, name="matches"),
    path("exchange/needs/<uuid:need_id>/firms/<uuid:firm>/", buyer.open_firm, name="open_firm"),
    path("exchange/needs/<uuid:need_id>/firms/<uuid:firm>/invite/", buyer.invite, name="invite"),
    path("exchange/needs/<uuid:need_id>/answers/", buyer.answer_list, name="answers"),
    path(
        "exchange/needs/<uuid:need_id>/answers/<uuid:firm>/", buyer.introduce, name="introduce"
    ),
    path("exchange/needs/<uuid:need_id>/answer/", firm.answer, name="answer"),
    path("exchange/needs/<uuid:need_id>/ask/", firm.ask, name="ask"),
    path("exchange/questions/<int:question_id>/", buyer.reply, name="reply"),
    path("exchange/invitations/<int:invitation_id>/", firm.settle, name="settle"),
    path("exchange/deals/<uuid:deal_id>/", firm.deal, name="deal"),
    path("exchange/milestones/<int:milestone_id>/", firm.fulfil, name="fulfil"),
    path("exchange/fairs/", fair.listing, name="fairs"),
    path("exchange/fairs/<uuid:group_id>/", fair.fair, name="fair"),
    path("exchange/fairs/<uuid:group_id>/register/", fair.register, name="register"),
    path(
        "exchange/fairs/<uuid:group_id>/withdraw/<uuid:party>/", fair.withdraw, name="withdraw"
    ),
    path("exchange/fairs/<uuid:group_id>/layout/", fair.lay_out, name="layout"),
    path("exchange/fairs/<uuid:group_id>/schedule/", fair.schedule, name="schedule"),
    path("exchange/fairs/<uuid:group_id>/schedule/<uuid:party>/", fair.sheet, name="sheet"),
    path("exchange/meetings/<int:meeting_id>/", fair.outcome, name="outcome"),
]  # fmt: skip
