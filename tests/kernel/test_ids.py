"""Do identifiers pass and fail as published, and are typing errors found?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.kernel import clock, ids

VALID = {
    ids.is_national_id: "0012345040 0012345131 0012345059 0012345091 1234567891 ۰۰۱۲۳۴۵۰۴۰ "
    "٠٠١٢٣٤٥٠٤٠ 001-234504-0",
    ids.is_company_id: "14002207985 14002467723 10100260838 14000261665 10380284790 14009999070 "
    "14009999090 14009999051 14009999032 14009999013 14009999144 14009999085 14009999066 "
    "14009999047 14009999028 14009999009 ۱۴۰۰۹۹۹۹۰۷۰",
    ids.is_iban: "IR820540102680020817909002 IR500560000000000000000000 IR230560000000000000000001 "
    "IR160120000000001234567890 IR060170000000000000000000 IR062960000000100324200001 "
    "ir820540102680020817909002 IR۸۲۰۵۴۰۱۰۲۶۸۰۰۲۰۸۱۷۹۰۹۰۰۲",
    ids.is_postal_code: "6851712345 68517-12345 ۶۸۵۱۷۱۲۳۴۵",
    ids.is_mobile: "09121234567 9121234567 +989121234567 00989121234567 ۰۹۱۲۱۲۳۴۵۶۷ 0912-123-4567",
}
INVALID = {
    ids.is_national_id: "0012345092 1111111111 0000000000 12345040 00123450400 001234504x",
    ids.is_company_id: "10380284792 11111111111 10000000010 123000000 1400999907a",
    ids.is_iban: "IR810540102680020817909002 IR240560000000000000000001 IR550560000000000000000000 "
    "GB820540102680020817909002 IR8205401026800208179090",
    ids.is_postal_code: "685171234 68517123456 68517a2345",
    ids.is_mobile: "02112345678 0912123456 091212345678 98912 abc",
}


@pytest.mark.parametrize(
    ("check", "values"), VALID.items(), ids=lambda v: getattr(v, "__name__", "")
)
def test_published_values_pass(check, values) -> None:
    assert [value for value in values.split() if not check(value)] == []


@pytest.mark.parametrize(
    ("check", "values"), INVALID.items(), ids=lambda v: getattr(v, "__name__", "")
)
def test_wrong_values_fail(check, values) -> None:
    assert [value for value in ["", *values.split()] if check(value)] == []


def test_all_ways_to_write_a_mobile_number_are_one() -> None:
    written = VALID[ids.is_mobile].split()
    assert {ids.normalise_mobile(number) for number in written} == {"+989121234567"}
    assert ids.normalise_mobile("0211234") == ""


@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_synthetic_ids_pass_the_check(nine: str, ten: str) -> None:
    made = ids.make_national_id(nine)
    assert made[:9] == nine
    assert ids.is_national_id(made) == (len(set(made)) > 1)
    company = ids.make_company_id(ten)
    assert ids.is_company_id(company) == (ten[3:9] != "000000" and len(set(company)) > 1)


@pytest.mark.parametrize("make", [ids.make_national_id, ids.make_company_id])
def test_synthetic_ids_need_the_right_number_of_digits(make) -> None:
    with pytest.raises(ValueError, match="digits are needed"):
        make("12345678")


def test_tracking_codes_are_twelve_digits_and_differ() -> None:
    codes = {ids.tracking_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch("[1-9][0-9]{11}", code) and ids.check_tracking(code) for code in codes)


def test_every_single_wrong_digit_and_every_swap_of_neighbours_is_found() -> None:
    for code in (ids.tracking_code() for _ in range(200)):
        for place, digit in enumerate(code):
            wrong = {code[:place] + other + code[place + 1 :] for other in "0123456789"} - {code}
            assert not any(map(ids.check_tracking, wrong)), (code, digit)
        for place in range(11):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert swapped == code or not ids.check_tracking(swapped)


def test_a_tracking_code_may_be_typed_as_it_is_read() -> None:
    code = ids.tracking_code()
    grouped = ids.group_code(code)
    assert re.fullmatch("[0-9]{4} [0-9]{4} [0-9]{4}", grouped)
    assert ids.check_tracking(grouped)
    assert ids.check_tracking(grouped.translate({48 + n: chr(0x6F0 + n) for n in range(10)}))
    assert not ids.check_tracking(code[:-1])
    assert not ids.check_tracking("")


def test_ids_are_ordered_by_time_and_marked_as_version_7() -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    made = [ids.uuid7(start + timedelta(milliseconds=n)) for n in range(100)]
    assert made == sorted(made)
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
    assert made[0].int >> 80 == int(start.timestamp() * 1000)


def test_ids_of_one_instant_keep_the_order_of_their_making() -> None:
    with clock.frozen(datetime(2025, 1, 1, tzinfo=UTC)):
        made = [ids.uuid7() for _ in range(1000)]
    assert made == sorted(set(made))


def test_an_id_needs_a_moment_with_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ids.uuid7(datetime(2025, 1, 1))
