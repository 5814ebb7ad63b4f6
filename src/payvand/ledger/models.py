"""Who owes whom an answer, by when, on which ground — and what became of it?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from payvand.kernel.ids import uuid7

OPEN = ("sent", "stopped")

# Foreign keys of the hot path carry no constraint in the database: rows they point to are never
# deleted (PROTECT, no delete in any action), and checking them made every commit of every agency
# share-lock the same few party rows. A test looks for orphans instead (ADR 0010).


class Obligation(models.Model):
    """Somebody owes somebody an answer by a date."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16)
    # inquiry decision completion acknowledgement condition objection resolution payment hearing
    case_id = models.UUIDField(db_index=True)  # the stream of the log it belongs to
    case_code = models.CharField(max_length=12, default="")  # tracking code, for lists
    service = models.CharField(max_length=60, default="")
    question = models.CharField(max_length=90)  # key in the service definition; parcel[3]
    title = models.JSONField(default=dict)  # {"fa": …, "en": …}
    asker = models.ForeignKey(
        "registry.Party",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    debtor = models.ForeignKey(
        "registry.Party",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    office = models.ForeignKey(
        "registry.Office",
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    place = models.ForeignKey(
        "registry.Place",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    ground = models.ForeignKey(
        "registry.Ground",
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )  # null = a service target or an invitation: reported, but silence has no effect
    about = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="followers",
    )
    rung_no = models.SmallIntegerField(default=0)  # acknowledgements: the rung that was reached
    term = models.CharField(max_length=8, default="")  # 5wd, 5d or 8wh; empty = no term
    spec = models.JSONField(default=dict)  # ladder, silence, presume, returns, completion, …
    payload = models.JSONField(default=dict)  # exactly the fields that the question declares
    level = models.CharField(max_length=8, default="inbox")  # inbox | letter | rest
    state = models.CharField(max_length=10, default="sent")
    # sent stopped answered deemed cancelled; "overdue" is derived, never stored
    sent_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=40, default="")  # opened, presumed, receipt:…, letter:…
    answered_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, default="")
    # positive conditional negative not_ours deemed acknowledged done cancelled
    reply = models.JSONField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)  # caches: written by rederive only
    next_rung_at = models.DateTimeField(null=True, editable=False)
    rung = models.SmallIntegerField(default=0)  # rungs already climbed
    calendar_version = models.CharField(max_length=16, default="")
    has_stops = models.BooleanField(default=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "rung_no"],
                condition=Q(kind="acknowledgement"),
                name="one_report_per_rung",
            ),
            models.UniqueConstraint(
                fields=["case_id", "question"],
                condition=Q(kind__in=["inquiry", "decision"]) & ~Q(state="cancelled"),
                name="asked_once",
            ),
        ]
        indexes = [
            models.Index("next_rung_at", name="due_rungs", condition=Q(next_rung_at__isnull=False)),
            models.Index(
                "debtor", "due_at", "id", name="inbox", condition=Q(state__in=["sent", "stopped"])
            ),
            models.Index(
                "office",
                "due_at",
                "id",
                name="desk",
                condition=Q(office__isnull=False, state__in=["sent", "stopped"]),
            ),
            models.Index("debtor", "answered_at", name="answered_by"),
            models.Index("about", name="followers", condition=Q(about__isnull=False)),
            models.Index("claimed_by", name="claimed", condition=Q(claimed_by__isnull=False)),
            *(
                models.Index(column, "due_at", "id", name=name, condition=Q(kind="resolution"))
                for column, name in (
                    ("asker", "resolutions_asked"),
                    ("debtor", "resolutions_owed"),
                    ("office", "resolutions_office"),
                )
            ),
            models.Index("due_at", "id", name="resolutions", condition=Q(kind="resolution")),
        ]


class Answer(models.Model):
    """One answer as it was given: a draft, the signed one, or a superseding one."""

    obligation = models.ForeignKey(
        Obligation,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,  # `answer_no` begins with it
        related_name="answers",
    )
    no = models.SmallIntegerField()  # 1, 2…; the last signed one holds
    state = models.CharField(max_length=10)  # draft | signed | superseded
    reply = models.JSONField()
    reason = models.CharField(max_length=600, default="")  # why it supersedes
    written_by = models.CharField(max_length=80)
    signed_by = models.CharField(max_length=80, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "no"], name="answer_no")]


class AnswerFile(models.Model):
    """A file that is part of an answer: checked when it came in, kept under a name of ours."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, db_constraint=False, related_name="files"
    )
    field = models.CharField(max_length=80)  # of the fields that the question returns
    name = models.CharField(max_length=160)
    stored = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()


class Interruption(models.Model):
    """A time in which the clock of an obligation stands still, on a ground."""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, db_constraint=False, related_name="interruptions"
    )
    kind = models.CharField(max_length=12)  # completion | statutory | outage | objection
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    ground_ref = models.CharField(max_length=200, default="")


class Move(models.Model):
    """A due time that moved, and why: a closure, a correction, an interruption."""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, db_constraint=False, related_name="moves"
    )
    was = models.DateTimeField(null=True)
    became = models.DateTimeField(null=True)
    calendar_version = models.CharField(max_length=16)
    cause = models.CharField(max_length=200)
    at = models.DateTimeField()


class Outbox(models.Model):
    """Something that must leave the house, written in the transaction that caused it."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=80, unique=True)  # idempotency key: obligation/attempt/…
    kind = models.CharField(max_length=10)  # inquiry | notice
    channel = models.CharField(max_length=8)  # rest | letter | email | sms
    address = models.CharField(max_length=300, default="")
    obligation = models.ForeignKey(
        Obligation, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="outbox"
    )
    body = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="waiting")  # waiting sent dead
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, default="")
    last_error = models.CharField(max_length=300, default="")
    first_failed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("next_try_at", name="outbox_due", condition=Q(state="waiting"))]


class Notice(models.Model):
    """A message to a party, an account or an office, shown in the product."""

    id = models.BigAutoField(primary_key=True)
    party = models.ForeignKey(
        "registry.Party",
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    office = models.ForeignKey(
        "registry.Office",
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )  # one colleague, to whom something was handed over
    case_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=60)  # rendered in the reader's language when shown
    args = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    told = models.BooleanField(default=False)  # e-mail and text messages were put in the outbox

    class Meta:
        indexes = [
            models.Index(
                fields=["party", "-at"],
                name="notice_party",
                condition=Q(party__isnull=False),
            ),
            models.Index(
                fields=["office", "-at"],
                name="notice_office",
                condition=Q(office__isnull=False),
            ),
            models.Index(fields=["user"], name="notice_user", condition=Q(user__isnull=False)),
            models.Index(fields=["id"], name="notice_untold", condition=Q(told=False)),
        ]


class Disclosure(models.Model):
    """Which fields of a case were shown to whom, and when."""

    id = models.BigAutoField(primary_key=True)
    case_id = models.UUIDField(db_index=True)
    obligation = models.ForeignKey(
        Obligation,
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,  # asked for by case, as all of this is
        related_name="+",
    )
    party = models.ForeignKey(
        "registry.Party",
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    actor = models.CharField(max_length=80)
    fields = models.JSONField(default=list)
    how = models.CharField(max_length=10)  # sent | opened | link | api | download
    at = models.DateTimeField()


class AnswerLink(models.Model):
    """A single-use link by which an agency without an account answers one obligation."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, db_constraint=False, related_name="links"
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Pulse(models.Model):
    """When did a worker last prove that it runs?"""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
