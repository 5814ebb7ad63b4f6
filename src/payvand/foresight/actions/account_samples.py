"""What do the delay account, the scorecards and the warnings show in the sample country?"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from payvand.foresight.actions import accounts, rates, scorecards, warning_samples, warnings
from payvand.foresight.actions.rates import RateDraft
from payvand.foresight.models import Scorecard, ScoreVoice
from payvand.kernel import clock, periods
from payvand.kernel.errors import gettext_noop
from payvand.ledger import public as ledger
from payvand.plugins.slots import Sample
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.window import public as window

SINCE = date(2020, 3, 20)
NOTE = gettext_noop("sample figure, for the demonstration")
REPLIES = (
    "پاسخ نمونه: در این دوره سامانهٔ ما دو هفته در حال جابه‌جایی بود؛ از ماه گذشته پاسخ‌ها به‌موقع‌اند.",
    "پاسخ نمونه: نیمی از استعلام‌ها ناقص رسید. از این پس نقص‌ها را روز نخست می‌گوییم.",
)
RATES = (
    RateDraft("trade-clearance", SINCE, Decimal(23), "amount", "currency",
              {"usd": "600000", "eur": "650000", "aed": "163000", "cny": "83000"}, 50_000, NOTE),
    RateDraft("land-window", SINCE, Decimal(18), "price", "", {}, 20_000, NOTE),
)  # fmt: skip


def add(sample: Sample) -> None:
    """Add the samples: what a day costs, the account, two scorecards, a fortnight of warnings."""
    sample.tell("delay account")
    by = registry.system("sample")
    known = set(window.Service.objects.values_list("pk", flat=True))
    with clock.frozen(sample.now):
        for draft in RATES:
            if draft.service in known:
                rates.set_rate(draft, by=by)
        accounts.account(everything=True)
        warning_samples.rehearse(sample.now)
        warnings.warn_today()
    _scorecards(sample)


def _scorecards(sample: Sample) -> None:
    """Draw one that was heard and published, and one that is being heard now."""
    today = clock.local_date(sample.now)
    quarter = periods.current(periods.QUARTER, today)
    before = periods.previous(quarter).last
    whole = periods.current(periods.QUARTER, before)
    earlier = periods.current(periods.QUARTER, periods.previous(whole).last)
    by = registry.system("sample")
    drawn_at = min(sample.now - timedelta(days=40), _noon(whole.first + timedelta(days=3)))
    with clock.frozen(drawn_at):
        card = scorecards.draw(earlier, by=by, sample=True)
    with clock.frozen(drawn_at + timedelta(days=2)):
        _reply(card)
    with clock.frozen(max(card.reply_until, drawn_at) + timedelta(hours=1)):
        scorecards.publish(by=by, scorecard_id=card.pk)
    with clock.frozen(sample.now - timedelta(days=1)):
        scorecards.draw(whole, by=by, sample=True)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.TEHRAN)


def _reply(card: Scorecard) -> None:
    """Let two agencies say something to their figures."""
    voices = list(ScoreVoice.objects.filter(scorecard=card).order_by("obligation"))
    owed = ledger.Obligation.objects.in_bulk([voice.obligation for voice in voices])
    heard = [voice for voice in voices if owed[voice.obligation].office_id is not None]
    for voice, text in zip(heard, REPLIES, strict=False):
        office = owed[voice.obligation].office_id
        head = Actor(kind="sample", label="office", offices=(office,) if office else ())
        scorecards.reply(by=head, scorecard_id=card.pk, agency=voice.agency_id, text=text)
