"""Does the hash of an event bind everything the event says, and its place?"""

import doctest
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.audit.rules import chain
from payvand.audit.rules.chain import Entry, compute, digest

AT = datetime(2025, 11, 9, 8, 0, tzinfo=UTC)
CASE, OTHER = UUID(int=1), UUID(int=2)
ENTRY = Entry(CASE, "ledger.sent", "obligation:1", {"term": "5wd"})


def test_doctests():
    assert doctest.testmod(chain).failed == 0


def test_the_published_vector_still_holds():
    """Anyone who follows the module's description gets this hash; a change would void every log."""
    rows, _ = compute([ENTRY], {}, "user:1", AT)
    text = (
        '["00000000-0000-0000-0000-000000000001",1,"2025-11-09T08:00:00.000000Z","user:1",'
        '"ledger.sent","obligation:1","{\\"term\\":\\"5wd\\"}",""]'
    )
    import hashlib

    assert rows[0].hash == hashlib.sha256(text.encode()).hexdigest()


def test_streams_grow_side_by_side_and_heads_are_the_last_events():
    again = Entry(OTHER, "x", "y")
    rows, heads = compute([ENTRY, again, ENTRY], {OTHER: (7, "ab")}, "user:1", AT)
    assert [(row.stream, row.seq) for row in rows] == [(CASE, 1), (OTHER, 8), (CASE, 2)]
    assert heads == {CASE: (2, rows[2].hash), OTHER: (8, rows[1].hash)}
    assert digest(rows[2], rows[0].hash) == rows[2].hash
    assert digest(rows[1], "ab") == rows[1].hash


@pytest.mark.parametrize(
    "change",
    [
        {"stream": OTHER}, {"seq": 2}, {"at": AT + timedelta(microseconds=1)}, {"actor": "user:2"},
        {"verb": "ledger.sen"}, {"subject": "obligation:2"}, {"facts": '{"term":"6wd"}'},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_each_part_changes_the_hash(change):
    row = compute([ENTRY], {}, "user:1", AT)[0][0]
    assert digest(row, "") == row.hash
    assert digest(row._replace(**change), "") != row.hash
    assert digest(row, "00") != row.hash


def test_the_same_moment_in_another_zone_is_the_same_event():
    tehran = timezone(timedelta(hours=3, minutes=30))
    assert compute([ENTRY], {}, "u", AT)[1] == compute([ENTRY], {}, "u", AT.astimezone(tehran))[1]
    with pytest.raises(ValueError, match="time zone"):
        compute([ENTRY], {}, "u", AT.replace(tzinfo=None))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(deadline=None)  # a busy machine is no fault
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), _JSON))
def test_facts_have_one_text_whatever_their_order(facts):
    backwards = dict(reversed(facts.items()))
    assert chain.canonical(facts) == chain.canonical(backwards)
