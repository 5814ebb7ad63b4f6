"""What do the tests of the log share? A key of their own, and a log of a few days."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from payvand.audit import public
from payvand.audit.public import Entry
from payvand.kernel import clock

START = datetime(2025, 11, 9, 8, tzinfo=UTC)
CASES = [UUID(int=n << 64 | 0x8000000000000000 | n) for n in range(1, 6)]


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    """Sign with a key that is thrown away."""
    settings.PAYVAND_AUDIT_KEY = tmp_path / "keys" / "audit.key"
    return settings.PAYVAND_AUDIT_KEY


@pytest.fixture
def log(db):
    """Five cases, six events each, over three days; the clock stands in the fourth day."""
    for step in range(6):
        with transaction.atomic():
            public.append(
                [Entry(case, f"step.{step}", "s", {"step": step}) for case in CASES],
                by="user:1",
                at=START + timedelta(hours=12 * step),
            )
    with clock.frozen(START + timedelta(days=3)):
        yield CASES
