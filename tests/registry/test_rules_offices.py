"""Who acts for an office, and where does a vacant one fall?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.registry.rules.offices import Post, Term, choose, held_by_user, responsible

DAY = date(2025, 11, 9)
ALWAYS = (date(2020, 1, 1), None)


def post(pk, *terms, falls_to=None, role="governor", place=None, agency=None):
    return Post(pk, role, agency, place, falls_to, tuple(terms))


@pytest.mark.parametrize(
    ("terms", "acting"),
    [
        pytest.param([Term(1, 0, *ALWAYS), Term(2, 1, *ALWAYS)], (1,), id="the holder acts"),
        pytest.param([Term(2, 1, *ALWAYS), Term(3, 2, *ALWAYS)], (2,), id="then the first deputy"),
        pytest.param([Term(1, 0, date(2020, 1, 1), DAY)], (1,), id="the last day counts"),
        pytest.param([Term(1, 0, date(2020, 1, 1), date(2025, 11, 8))], (), id="not the day after"),
        pytest.param([Term(1, 0, date(2025, 11, 10), None)], (), id="not before it begins"),
        pytest.param([], (), id="vacant"),
    ],
)
def test_the_first_in_order_acts(terms, acting):
    assert post(1, *terms).acting_on(DAY) == acting


def test_a_vacant_office_falls_up_to_the_first_that_is_held():
    posts = {1: post(1, falls_to=2), 2: post(2, falls_to=3), 3: post(3, Term(9, 0, *ALWAYS))}
    assert responsible(1, posts, DAY) == 3
    assert held_by_user(posts, DAY) == {9: (1, 2, 3)}


def test_when_all_are_vacant_the_highest_stands_and_nobody_holds_it():
    posts = {1: post(1, falls_to=2), 2: post(2)}
    assert responsible(1, posts, DAY) == 2
    assert held_by_user(posts, DAY) == {}


@given(st.dictionaries(st.integers(1, 6), st.integers(1, 6), min_size=1))
def test_no_circle_of_offices_hangs(links):
    posts = {pk: post(pk, falls_to=up) for pk, up in links.items()}
    assert all(responsible(pk, posts, DAY) in posts for pk in posts)


def test_the_nearest_place_wins_and_an_agency_has_its_own_head():
    posts = [
        post(1, place="IR", role="head"),
        post(2, place="IR-15", role="head"),
        post(3, agency="a", role="head"),
    ]
    path = ("IR", "IR-15", "IR-15-1503")
    assert choose("head", posts, agency=None, path=path) == 2
    assert choose("head", posts, agency="a", path=path) == 3
    assert choose("head", posts, agency="b", path=("IR",)) == 1
    assert choose("minister", posts, agency="a", path=path) is None
