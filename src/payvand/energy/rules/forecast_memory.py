"""What was learnt from forecasts that have met the truth, and how is it kept until tomorrow?

Pure: numpy. A forecast waits until its day has passed; then only its errors are remembered. All of
it can be laid out series by series as plain arrays under absolute days, and taken up again, so that
a nightly run goes on where the last one stopped and says what an unbroken run would say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from payvand.energy.rules import selection
from payvand.energy.rules.intervals import Band
from payvand.energy.rules.members import LEADS
from payvand.energy.rules.series import Floats, Panel

VERSION = 2  # of what is kept; another one is not taken up
MEMORY = 42  # origins whose outcomes are remembered
HEARD = 0.5  # of the hours of a day must have been read for its error to count

Kept = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Said:
    """One forecast that waits for the truth; the series are last in every array."""

    members: Floats  # (member, lead, 24, series)
    shares: Floats  # (way, lead, member, series)
    mixed: Floats  # (lead, 24, series), before parts and wholes agreed
    point: Floats  # (lead, 24, series)
    told: Floats  # (level, lead, 24, series)


def _by_lead() -> list[dict[int, Floats]]:
    return [{} for _ in range(LEADS)]


@dataclass
class Memory:
    """Errors by lead and origin: of members, of ways of sharing, hour by hour of the whole."""

    waiting: dict[int, Said] = field(default_factory=dict)
    members: list[dict[int, Floats]] = field(default_factory=_by_lead)  # (member, series)
    ways: list[dict[int, Floats]] = field(default_factory=_by_lead)  # (way, series)
    rest: list[dict[int, Floats]] = field(default_factory=_by_lead)  # (24, series)
    bands: list[Band] = field(default_factory=lambda: [Band(n) for n in range(LEADS)])
    seen: int = 0  # days before it have been learnt from
    learnt: int = -7  # origin at which the members learnt last

    def absorb(self, seen: Floats, origin: int) -> None:
        """Learn from the days (day, 24, series) that have passed since the last step."""
        for day in range(self.seen, min(origin, len(seen))):
            for lead in range(LEADS):
                if (made := day - lead) in self.waiting:
                    self._meet(made, lead, seen[day])
        self.seen = max(self.seen, origin)
        for old in [o for o in self.waiting if o + LEADS <= self.seen]:
            del self.waiting[old]
        for kept in (*self.members, *self.ways, *self.rest):
            for old in [o for o in kept if o < origin - MEMORY]:
                del kept[old]

    def _meet(self, made: int, lead: int, truth: Floats) -> None:
        said = self.waiting[made]
        one = said.members[:, lead]
        mixed = [selection.blend(one, shares[lead]) for shares in said.shares]
        self.members[lead][made] = _mean_error(one, truth)
        self.ways[lead][made] = _mean_error(np.stack(mixed), truth)
        self.rest[lead][made] = truth - said.mixed[lead]
        self.bands[lead].see(truth, said.point[lead], said.told[:, lead])

    # --- kept until tomorrow ------------------------------------------------------------------

    def laid_out(self, panel: Panel) -> dict[str, Kept]:
        """Return what is known of each series as arrays, all days counted absolutely."""
        first = panel.first.toordinal()
        days = {"day": first + self.seen, "learnt": first + self.learnt, "version": VERSION}
        whole: Kept = {name: np.array([value]) for name, value in days.items()}
        own: Kept = {}
        for name in ("members", "ways", "rest"):
            for lead, kept in enumerate(getattr(self, name)):
                whole[f"{name}_{lead}_days"] = first + np.array(sorted(kept), dtype=int)
                own |= {f"{name}_{lead}": np.stack([kept[o] for o in sorted(kept)])} if kept else {}
        whole["waiting_days"] = first + np.array(sorted(self.waiting), dtype=int)
        for part in Said.__slots__ if self.waiting else ():
            own[part] = np.stack([getattr(self.waiting[o], part) for o in sorted(self.waiting)])
        for lead, band in enumerate(self.bands):
            own |= {f"band_{lead}_{name}": value for name, value in band.laid_out().items()}
        return {
            series: whole | {key: values[..., place] for key, values in own.items()}
            for place, series in enumerate(panel.names)
        }


def taken_up(panel: Panel, kept: Mapping[str, Kept], members: int) -> Memory | None:
    """Return the memory that was laid out for all series of a panel; None where it does not fit.

    It must be there for every series, of this version, of the same day, and of as many members.
    """
    if not all(name in kept for name in panel.names):
        return None
    rows = [kept[name] for name in panel.names]
    heads = {(int(row["version"][0]), int(row["day"][0]), *sorted(row)) for row in rows}
    if len(heads) != 1 or int(rows[0]["version"][0]) != VERSION:
        return None
    first, head = panel.first.toordinal(), rows[0]
    if "members_0" in head and head["members_0"].shape[1] != members:
        return None

    def joined(key: str) -> Floats:
        return np.stack([row[key] for row in rows], axis=-1)

    found = Memory(seen=int(head["day"][0]) - first, learnt=int(head["learnt"][0]) - first)
    for name in ("members", "ways", "rest"):
        for lead in range(LEADS):
            origins = head[f"{name}_{lead}_days"] - first
            if len(origins):
                values = joined(f"{name}_{lead}")
                getattr(found, name)[lead].update(zip(origins.tolist(), values, strict=True))
    waiting = (head["waiting_days"] - first).tolist()
    if waiting:
        parts = [joined(part) for part in Said.__slots__]
        found.waiting = {o: Said(*(one[n] for one in parts)) for n, o in enumerate(waiting)}
    for lead, band in enumerate(found.bands):
        start = f"band_{lead}_"
        band.take_up({k[len(start) :]: joined(k) for k in head if k.startswith(start)})
    return found


def _mean_error(said: Floats, truth: Floats) -> Floats:
    """Return (member, series) mean absolute errors of (member, 24, series); NaN where unheard."""
    error = np.abs(said - truth)
    known = np.isfinite(error)
    total = np.where(known, error, 0.0).sum(axis=1)
    count = known.sum(axis=1)
    found: Floats = np.divide(
        total, count, out=np.full_like(total, np.nan), where=count >= HEARD * truth.shape[0]
    )
    return found


def outcomes(kept: Mapping[int, Floats]) -> Floats | None:
    """Return the errors of all origins, the oldest first; None while there are none."""
    return np.stack([kept[o] for o in sorted(kept)]) if kept else None
