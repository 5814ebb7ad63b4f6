"""Questions that were put again: one question, and its delay stays."""

from datetime import UTC, datetime, timedelta

import pytest

from payvand.kernel.questions import Round, counted, key_of, node_of

START = datetime(2025, 1, 1, tzinfo=UTC)


def day(n: float | None) -> datetime | None:
    return None if n is None else START + timedelta(days=n)


@pytest.mark.parametrize(
    ("question", "node", "key"),
    [("q1", "q1", "q1"), ("lab[3]", "lab[3]", "lab"), ("lab[3]#2", "lab[3]", "lab"),
     ("q1#12", "q1", "q1"), ("decision#2", "decision", "decision")],
)  # fmt: skip
def test_row_and_round_belong_to_the_same_inquiry(question, node, key):
    assert (node_of(question), key_of(question)) == (node, key)


@pytest.mark.parametrize(
    ("rounds", "place"),
    [
        pytest.param([("sent", 0, 5, None)], 0, id="put once"),
        pytest.param([("answered", 0, 5, 3), ("sent", 4, 9, None)], 1, id="in time, and again"),
        pytest.param([("answered", 0, 5, 6), ("answered", 7, 12, 8)], 0, id="the first was late"),
        pytest.param([("deemed", 0, 5, 5), ("answered", 7, 12, 8)], 0, id="the first was silent"),
        pytest.param([("cancelled", 0, 5, None), ("sent", 4, 9, None)], 1, id="replaced in time"),
        pytest.param([("cancelled", 0, 5, None), ("sent", 6, 11, None)], 0, id="replaced late"),
        pytest.param([("cancelled", 0, None, None), ("sent", 6, 11, None)], 1, id="without term"),
        pytest.param(
            [("answered", 0, 5, 3), ("answered", 4, 9, 12), ("answered", 13, 18, 14)], 1,
            id="the second of three was late",
        ),
    ],
)  # fmt: skip
def test_a_question_put_again_counts_once_and_its_delay_is_not_erased(rounds, place):
    made = [Round(state, day(sent), day(due), day(end)) for state, sent, due, end in rounds]
    assert counted(made) == place
