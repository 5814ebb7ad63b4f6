"""The gate: no date that history cannot carry, and words that an applicant understands."""

from __future__ import annotations

import numpy as np
import pytest

from payvand.foresight.rules.gate import REASONS, WARNINGS, verdict
from payvand.foresight.rules.survival import kaplan_meier


def curve(ended: int, still_open: int):
    days = np.r_[np.arange(1, ended + 1), np.full(still_open, ended + 1)]
    return kaplan_meier(days, np.r_[np.ones(ended, bool), np.zeros(still_open, bool)])


@pytest.mark.parametrize(
    ("ended", "still_open", "code"),
    [
        pytest.param(29, 0, "few_closed", id="29 closed"),
        pytest.param(30, 0, "", id="30 closed"),
        pytest.param(40, 400, "few_share", id="fewer than 10 % closed"),
        pytest.param(80, 20, "short_curve", id="the curve ends at 0.8"),
        pytest.param(95, 5, "", id="the curve passes 0.9"),
        pytest.param(0, 0, "none_closed", id="nothing yet"),
    ],
)
def test_gate_speaks_for(ended, still_open, code):
    found = verdict(curve(ended, still_open), ended + still_open, ended)
    assert (found.ok, found.code) == (not code, code)
    assert found.text == REASONS.get(code, "")
    assert found.text.format_map(found.facts).count("{") == 0


@pytest.mark.parametrize(
    ("coverage", "warning"),
    [(None, ""), (0.9, ""), (0.85, ""), (0.84, "too_short"), (0.98, "too_long")],
)
def test_promises_that_left_the_band_are_told(coverage, warning):
    found = verdict(curve(95, 5), 100, 95, coverage)
    assert found.ok
    assert found.warning == warning
    assert found.text == WARNINGS.get(warning, "")
    assert "{" not in found.text.format_map(found.facts)


def test_gate_reads_the_curve_at_the_calibrated_level():
    assert not verdict(curve(95, 5), 100, 95, level=0.97)
