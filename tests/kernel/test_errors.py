"""Does every error carry what the edge needs to explain it?"""

from __future__ import annotations

import pickle
import re

import pytest

from payvand.kernel import calendar, errors, jalali, money, rules, terms

MODULES = (calendar, errors, jalali, money, rules, terms)


def test_a_refusal_says_why() -> None:
    with pytest.raises(errors.Refused) as caught:
        errors.no("not your office").or_raise()
    assert caught.value.facts == {"reason": "not your office"}
    assert (caught.value.code, caught.value.status) == ("access.refused", 403)
    errors.YES.or_raise()
    assert errors.YES
    assert not errors.no("not your office")


def test_facts_are_kept_and_shown() -> None:
    error = errors.Invalid(fields={"day": "no such day"}, form="x")
    assert error.facts == {"fields": {"day": "no such day"}, "form": "x"}
    assert str(error) == "input.invalid: fields={'day': 'no such day'}, form='x'"
    assert str(errors.NotFound()) == "input.not_found"


def test_an_error_survives_being_sent_between_processes() -> None:
    error = errors.Refused(reason="no")
    assert pickle.loads(pickle.dumps(error)).facts == error.facts


def kernel_errors() -> list[type[errors.PayvandError]]:
    return [error for error in errors.all_errors() if error.__module__.startswith("payvand.kernel")]


def test_codes_are_unique_and_dotted() -> None:
    codes = [error.code for error in kernel_errors() if error is not errors.PayvandError]
    assert len(codes) == len(set(codes)) > 12
    assert all(re.fullmatch(r"[a-z]+(\.[a-z_]+)+", code) for code in codes)


@pytest.mark.parametrize("error", kernel_errors(), ids=lambda error: error.code)
def test_every_error_has_its_sentences_and_can_be_made_bare(
    error: type[errors.PayvandError],
) -> None:
    assert error.what
    assert error.now or error is errors.PayvandError
    assert isinstance(error().facts, dict)
