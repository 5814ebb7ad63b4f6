"""Do slots keep what is registered, once and in order, and say what they are for?"""

import pytest

from payvand.plugins import slots
from payvand.plugins.slots import NoticeText, Slot


@pytest.fixture
def slot():
    made = Slot("test_slot", "For a test.")
    yield made
    del slots._slots["test_slot"]


def test_things_come_in_their_order_and_only_once(slot):
    for thing, order in (("c", 90), ("a", 10), ("b", 50), ("b2", 50), ("a", 99)):
        slot.register(thing, order=order)
    assert list(slot) == ["a", "b", "b2", "c"]


def test_registering_is_a_decorator(slot):
    @slot.register
    def handler():
        return 1

    assert handler() == 1
    assert list(slot) == [handler]
    slot.remove(handler)
    assert len(slot) == 0


def test_registering_while_iterating_is_safe(slot):
    slot.register("a")
    for thing in slot:
        slot.register(thing + "x")
    assert list(slot) == ["a", "ax"]


def test_two_slots_never_share_a_name(slot):
    with pytest.raises(ValueError, match="exists already"):
        Slot("test_slot", "Another.")


def test_every_slot_has_one_sentence():
    for one in slots.all_slots():
        assert one.doc.endswith("."), one
        assert one.doc.count(". ") == 0, one


def test_the_promised_slots_exist():
    names = {one.name for one in slots.all_slots()}
    assert names >= {
        "case_events", "on_answered", "on_silence", "application_panel", "dashboard_tile", "nav",
        "cli_commands", "notice_texts",
    }  # fmt: skip


def test_a_notice_text_is_found_by_its_verb():
    text = NoticeText("test.said", "Something was said")
    slots.notice_texts.register(text)
    assert slots.notice_text("test.said") is text
    assert slots.notice_text("test.never") is None
    slots.notice_texts.remove(text)
