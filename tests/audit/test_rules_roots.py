"""Does the root depend on every stream, and on nothing else?"""

from hashlib import sha256
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.audit.rules.roots import State

LEAVES = st.dictionaries(
    st.uuids(), st.tuples(st.integers(1, 9), st.text("ab", min_size=2, max_size=2)), max_size=8
).map(lambda found: [(stream, seq, head) for stream, (seq, head) in found.items()])


def root(*batches):
    state = State()
    for batch in batches:
        state.move(batch)
        state.root()
    return state.root()


@settings(deadline=None)  # a busy machine is no fault
@given(LEAVES)
def test_the_order_and_the_steps_do_not_matter(leaves):
    assert root(leaves) == root(leaves[::-1]) == root(leaves[:2], leaves[2:])


@settings(deadline=None)
@given(LEAVES.filter(bool))
def test_each_stream_matters(leaves):
    stream, seq, head = leaves[0]
    assert root(leaves) != root(leaves[1:])
    assert root(leaves) != root([(stream, seq + 1, head), *leaves[1:]])
    assert root(leaves) != root([(stream, seq, head + "c"), *leaves[1:]])


def test_the_count_of_events_follows_the_heads():
    state = State()
    state.move([(UUID(int=1), 3, "a"), (UUID(int=4097), 2, "b")])
    state.move([(UUID(int=1), 5, "c")])
    assert state.events == 7


def test_the_root_can_be_recomputed_from_its_description():
    """Plainly, level by level, as a third party would."""
    leaves = [(UUID(int=5), 3, "aa"), (UUID(int=4096 + 5), 1, "bb"), (UUID(int=9), 2, "cc")]
    row = [b""] * 4096
    for stream, seq, head in sorted(leaves):
        row[stream.int % 4096] += sha256(f"leaf|{stream}|{seq}|{head}".encode()).digest()
    row = [sha256(bucket).digest() for bucket in row]
    while len(row) > 1:
        row = [sha256(row[i] + row[i + 1]).digest() for i in range(0, len(row), 2)]
    assert root(leaves) == row[0].hex()
