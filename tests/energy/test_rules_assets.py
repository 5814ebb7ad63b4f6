"""Is every row about a consumer judged alike, and no protection taken without its authority?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.energy.rules.asset_rows import Known, column, hours_in, judge, spans
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.kernel.text import compact_key

COMPANY, PERSON = make_company_id("1400999801"), make_national_id("009812345")
KNOWN = Known(
    {compact_key("IR-15-1503"): "IR-15-1503", compact_key("خرم‌آباد"): "IR-15-1503"},
    frozenset({"f01"}), {"industrial": "industrial", "residential": "residential"},
    frozenset({"rank"}),
)  # fmt: skip
GOOD = {"code": "۱۲۳", "owner_id": COMPANY, "city": "IR-15-1503", "feeder": "f01",
        "sector": "industrial", "usual_mw": "۱۲٫۵"}  # fmt: skip


def test_a_good_row_is_taken_with_digits_of_any_script_and_names_of_places():
    found = judge(GOOD | {"city": "خرم‌آباد", "protected_hours": ""}, KNOWN).draft
    assert found is not None
    assert (found.code, found.city, set(found.usual_mw)) == ("123", "IR-15-1503", {12.5})
    assert (found.shed_cap, found.day_cap, found.notice_hours) == (0, 10, 12)


@pytest.mark.parametrize(
    ("cells", "column", "why"),
    [
        ({"code": ""}, "code", "code_missing"),
        ({"code": "9" * 41}, "code", "code_long"),
        ({"owner_id": "0098123457"}, "owner_id", "owner_unreadable"),
        ({"city": "تبریز"}, "city", "city_elsewhere"),
        ({"feeder": ""}, "feeder", "feeder_missing"),
        ({"feeder": "f99"}, "feeder", "feeder_unknown"),
        ({"meter": "12a"}, "meter", "meter_number"),
        ({"sector": "mining"}, "sector", "sector_unknown"),
        ({"usual_mw": "much"}, "usual_mw", "mw_unreadable"),
        ({"usual_mw": "nan"}, "usual_mw", "mw_unreadable"),
        ({"usual_mw": "1 2 3"}, "usual_mw", "mw_hours"),
        ({"usual_mw": "12500"}, "usual_mw", "mw_range"),
        ({"usual_mw": "0"}, "usual_mw", "mw_range"),
        ({"shed_cap": "120"}, "shed_cap", "shed_cap_range"),
        ({"notice_hours": "2.5"}, "notice_hours", "notice_hours_range"),
        ({"medical": "perhaps"}, "medical", "yes_or_no"),
        ({"protected_hours": "9-3"}, "protected_hours", "hours_unreadable"),
        ({"protected_hours": "2-5", "protected_ref": "7"}, "protected_by", "authority_missing"),
        ({"protected_hours": "2-5", "protected_by": "me", "protected_ref": "7"}, "protected_by",
         "authority_unknown"),
        ({"protected_hours": "2-5", "protected_by": "rank"}, "protected_ref", "decision_missing"),
        ({"medical": "yes", "protected_by": "rank", "protected_ref": "7"}, "medical",
         "medical_no_home"),
    ],
)  # fmt: skip
def test_a_row_with_a_fault_is_left_out_and_told_in_its_column(cells, column, why):
    found = judge(GOOD | cells, KNOWN)
    assert found.draft is None
    assert [(one.column, one.why) for one in found.faults] == [(column, why)]


def test_a_protected_home_is_taken_with_authority_and_decision():
    cells = GOOD | {"owner_id": PERSON, "sector": "residential", "medical": "بله",
                    "protected_by": "Rank", "protected_ref": "7/1404"}  # fmt: skip
    found = judge(cells, KNOWN).draft
    assert found is not None
    assert found.is_home
    assert found.is_protected


def test_a_wrong_national_id_is_never_told_back():
    found = judge(GOOD | {"owner_id": "0098123457"}, KNOWN)
    assert all("0098123457" not in one.text for one in found.faults)


def test_a_rank_is_not_taken_from_a_row_and_said_so():
    found = judge(GOOD | {"tier": "vital"}, KNOWN)
    assert found.draft is not None
    assert [(one.why, one.is_remark) for one in found.faults] == [("tier_elsewhere", True)]


def test_hours_may_differ_and_no_register_of_feeders_takes_any():
    mw = " ".join(str(n) for n in range(24))
    loose = Known(KNOWN.counties, frozenset(), KNOWN.sectors, KNOWN.authorities)
    found = judge(GOOD | {"usual_mw": mw, "feeder": "new"}, loose).draft
    assert found is not None
    assert found.usual_mw == tuple(float(n) for n in range(24))


@given(st.sets(st.integers(0, 23)))
def test_hours_are_written_as_they_are_read(hours):
    assert hours_in(spans(sorted(hours))) == tuple(sorted(hours))


def test_columns_are_known_in_both_languages():
    assert column("شمارهٔ اشتراک") == column("Code") == "code"
    assert column("protected_by") == "protected_by"
    assert column("colour") is None
