"""What is needed by whom, who answered, and how far has it come: need to repeated production?

The site of use and its tier are for the buyer alone: no public page, search, export or feed reads
them. Everything that happened is dated; who did it stands in the log.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from payvand.kernel.ids import uuid7

PARTY = "registry.Party"


class Need(models.Model):
    """Something a buyer looks for, frozen before any name is seen."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=12, unique=True)  # tracking code
    buyer = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+")
    is_public = models.BooleanField(
        default=False
    )  # a public buyer: notice to all, no early ranking
    title_fa = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, default="", blank=True)
    text_fa = models.TextField(default="", blank=True)
    text_en = models.TextField(default="", blank=True)
    field = models.CharField(max_length=24, default="", blank=True)  # of the databank
    codes = models.CharField(max_length=200, default="", blank=True)
    quantity = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    unit = models.CharField(max_length=40, default="", blank=True)
    place = models.ForeignKey(
        "registry.Place", null=True, on_delete=models.PROTECT, related_name="+"
    )  # province or county of the buyer, shown
    site = models.ForeignKey(
        "registry.Site", null=True, on_delete=models.PROTECT, related_name="+"
    )  # never shown publicly, nor is its tier
    tier = models.CharField(max_length=16, default="", blank=True)  # what the authority had given
    wanted_by = models.DateField(null=True)
    budget_least = models.BigIntegerField(null=True)  # rials
    budget_most = models.BigIntegerField(null=True)
    answers_until = models.DateField(null=True)
    tender_due = models.BooleanField(default=False)  # the law asks for a tender number
    tender_no = models.CharField(max_length=60, default="", blank=True)
    state = models.CharField(max_length=10, default="draft")
    # draft frozen open closed awarded withdrawn
    written_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    awarded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    notified = models.IntegerField(default=0)  # firms told that it is open
    able = models.IntegerField(null=True)  # firms that are not surely unfit; null: not counted yet
    sure = models.IntegerField(null=True)  # firms that are surely eligible
    judged_at = models.DateTimeField(null=True)  # when these two were counted
    is_sample = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["state", "-opened_at"], name="need_state"),
            models.Index(fields=["buyer", "-written_at"], name="need_buyer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(budget_least=None)
                | Q(budget_most=None)
                | Q(budget_most__gte=F("budget_least")),
                name="budget_upright",
            )
        ]


class NeedChange(models.Model):
    """A need was extended or withdrawn, and why: everybody who was told of it reads this."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10)  # extended | withdrawn
    reason = models.CharField(max_length=300)
    before = models.DateField(null=True)  # the last day for answers, before and after
    until = models.DateField(null=True)
    at = models.DateTimeField()


class Told(models.Model):
    """A firm was told of a need; whoever is in this list hears of every change of it."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="told")
    firm = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "firm"], name="told_of_need_once")]


class Round(models.Model):
    """Many firms are judged or told for one need, page by page, by the worker."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="rounds")
    kind = models.CharField(max_length=10)  # judge | extended | withdrawn
    args = models.JSONField(default=dict)  # what the notice says besides title and code
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    after = models.UUIDField(null=True)  # the last firm of the last page
    total = models.IntegerField(default=0)  # firms to be looked at, when it began
    seen = models.IntegerField(default=0)
    able = models.IntegerField(default=0)
    sure = models.IntegerField(default=0)
    told = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="round_under_way", condition=Q(done_at__isnull=True))
        ]


class NeedRequirement(models.Model):
    """One thing that a need asks of a firm: essential or nice to have, with or without a rule."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="requirements")
    no = models.SmallIntegerField()
    text = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300, default="", blank=True)
    is_essential = models.BooleanField(default=True)
    kind = models.CharField(max_length=12, default="text")  # rules/needs.py
    value = models.CharField(max_length=120, default="", blank=True)
    rule = models.JSONField(null=True)  # over the firm's facts; null: only the firm can say

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "no"], name="requirement_once")]


class NeedAnswer(models.Model):
    """A firm answers a need, requirement by requirement."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="answers")
    firm = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+")
    remark = models.TextField(default="", blank=True)
    ready_on = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "firm"], name="answer_once")]


class AnswerLine(models.Model):
    """What a firm says to one requirement, and the evidence items it points at."""

    answer = models.ForeignKey(NeedAnswer, on_delete=models.CASCADE, related_name="lines")
    requirement = models.ForeignKey(NeedRequirement, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=6)  # yes partly no
    text = models.CharField(max_length=500, default="", blank=True)
    evidence = models.JSONField(default=list)  # item keys of the databank: evidence:12


class NeedQuestion(models.Model):
    """A question about a need, answered for everybody; who asked is not shown."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="questions")
    firm = models.ForeignKey(PARTY, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    answer = models.CharField(max_length=1000, default="", blank=True)
    answered_at = models.DateTimeField(null=True)


class Invitation(models.Model):
    """A buyer asks a firm to answer; without a ground: silence costs nothing, it expires."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="invitations")
    firm = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+")
    obligation = models.UUIDField()
    state = models.CharField(max_length=8, default="sent")  # sent accepted declined expired void
    note = models.CharField(max_length=300, default="", blank=True)
    sent_at = models.DateTimeField()
    expires_on = models.DateField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "firm"], name="invited_once")]
        indexes = [
            models.Index(fields=["expires_on"], name="invitation_open", condition=Q(state="sent")),
            models.Index(fields=["firm", "-sent_at"], name="invitation_firm"),
        ]


class Exchange(models.Model):
    """A buyer and a firm on the way from introduction to repeated production."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    need = models.ForeignKey(
        Need, null=True, on_delete=models.PROTECT, related_name="exchanges"
    )  # null: they met at a fair without one
    buyer = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+")
    fair = models.ForeignKey(
        "registry.Group", null=True, on_delete=models.PROTECT, related_name="+"
    )
    stage = models.CharField(max_length=12)  # the furthest step: rules/needs.py
    contract_no = models.CharField(max_length=60, default="", blank=True)
    amount_rial = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField()
    ended_on = models.DateField(null=True)  # stands ended without a contract
    ended_because = models.CharField(max_length=12, default="", blank=True)  # rules/needs.py
    ended_note = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need", "firm"], name="exchange_once"),
            models.UniqueConstraint(
                fields=["fair", "buyer", "firm"], condition=Q(need=None), name="fair_exchange_once"
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-begun_at"], name="exchange_buyer"),
            models.Index(fields=["firm", "-begun_at"], name="exchange_firm"),
        ]


class Resumption(models.Model):
    """A deal that had ended without a contract goes on, and why; how it had ended stays here."""

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="resumptions")
    ended_on = models.DateField()
    ended_because = models.CharField(max_length=12)
    ended_note = models.CharField(max_length=300, default="", blank=True)
    on = models.DateField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()


class ExchangeStep(models.Model):
    """One step that was reached, with its day."""

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12)
    on = models.DateField()
    note = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exchange", "kind"], name="step_once")]


class Milestone(models.Model):
    """Something a contract owes by a day; an obligation whose ground is that contract."""

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=12)  # prototype marketing production
    title = models.CharField(max_length=200)
    due = models.DateField()
    done = models.DateField(null=True)
    obligation = models.UUIDField()


class Subscription(models.Model):
    """A saved search for needs: told by e-mail, readable as a feed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=120, default="", blank=True)
    field = models.CharField(max_length=24, default="", blank=True)
    province = models.CharField(max_length=16, default="", blank=True)
    by_email = models.BooleanField(default=True)
    told_until = models.DateTimeField()
    made_at = models.DateTimeField()


class Feedback(models.Model):
    """What became of a firm that was found for a need: graded relevance for later measuring."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="feedback")
    firm = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # shown opened invited declined accepted contracted
    place = models.SmallIntegerField(null=True)  # in the list, when shown
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "firm", "kind"], name="told_once")]
