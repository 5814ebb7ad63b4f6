"""Does the root depend on every stream, and on nothing else?"""

from uuid import UUID

from hypothesis import given
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


@given(LEAVES)
def test_the_order_and_the_steps_do_not_matter(leaves):
    assert root(leaves) == root(leaves[::-1]) == root(leaves[:2], leaves[2:])


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
