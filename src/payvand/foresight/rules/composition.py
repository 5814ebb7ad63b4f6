"""When will the whole be done, if each office takes as long as it usually does?

Pure. Samples of every answer time, alike within a case, on each office's working days, are put
together along the graph; what was answered is no longer drawn, and what is open has lasted longer
than it has. All arrays have one element per sample; moments are days since the origin of the
offices' tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payvand.foresight.rules.draws import CHANCES, Places, evenly, places
from payvand.foresight.rules.network import DECISION, Network, Node
from payvand.foresight.rules.office_days import Floats, OfficeDays

NEVER = np.float32(-1e6)  # the end of what is not asked: nobody waits for it
HALF, NINE_TENTHS = 0.5, 0.9
NOBODY = -1
LOOKED_AT = 4000  # samples from which the slowest chain is told


class Durations(Protocol):
    """How long answers take, in working days (see `survival.Curve`)."""

    def sample(self, u: ArrayLike, waited: ArrayLike = 0.0) -> NDArray[np.float64]:
        """Return durations for uniforms, given that each is longer than `waited`."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What is known of one question of the case when the samples are taken.

    table: durations by cell of chance (`table_of`), working days that remain. asked: in which
    samples it is asked at all (None: all). cap: working days after which the case goes on without
    it, the day of asking not counted. fatal: share of answers after which nothing more is asked.
    rows: how often it is asked side by side in each sample (the slowest counts).
    """

    office: OfficeDays
    table: Floats | None = None  # None: closed, or never asked
    asked: NDArray[np.bool_] | None = None
    cap: int | None = None
    fatal: float = 0.0
    stream: str = ""  # name of its draws, where it is not the node's key
    rows: Places | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """The samples: when each question ends, and which one it had waited for last."""

    network: Network
    start: Floats
    worked: tuple[Floats | None, ...]  # ends as positions on `offices`; None: closed before
    offices: tuple[OfficeDays | None, ...]
    behind: tuple[NDArray[np.int16] | None, ...]
    done: Floats  # when the case is done
    last: NDArray[np.int16]  # the node with which it is done

    def end(self, place: int, first: int | None = None) -> Floats | None:
        """Return when a question ends in the first samples, or in all; None: closed before."""
        office, worked = self.offices[place], self.worked[place]
        if office is None or worked is None:
            return None
        return _moments(office, worked[:first])


@dataclass(frozen=True, slots=True)
class Chances:
    """How one run is drawn."""

    seed: int
    samples: int
    rho: float


def table_of(durations: Durations, waited: float = 0.0, *, longest: float = 400.0) -> Floats:
    """Return the remaining working days by cell of chance, given that `waited` have passed."""
    found = np.asarray(durations.sample(CHANCES, waited), float) - waited
    return np.clip(found, 0, longest).astype(np.float32)


def run(network: Network, steps: Sequence[Step | None], start: ArrayLike, chances: Chances) -> Run:
    """Return the samples of a case that goes on at `start` (one moment, or one per sample)."""
    walk = _Walk(network, np.asarray(start, np.float32), chances)
    for place, (node, step) in enumerate(zip(network.nodes, steps, strict=True)):
        if step is not None and step.table is not None:
            walk.take(place, node, step)
    return walk.finish()


class _Walk:
    """The nodes one after another; remembers each end on the calendars on which it was needed."""

    def __init__(self, network: Network, start: Floats, chances: Chances) -> None:
        self.network, self.start, self.chances = network, start, chances
        count = len(network.nodes)
        self.on: list[dict[int, Floats]] = [{} for _ in range(count)]  # node → office → position
        self.office: list[OfficeDays | None] = [None] * count
        self.behind: list[NDArray[np.int16] | None] = [None] * count
        self.begins: dict[int, Floats] = {}  # office → position of the start
        self.masked = False
        self.cut: Floats | None = None  # moment of the first fatal answer
        self.cut_by: NDArray[np.int16] | None = None

    def position(self, place: int, office: OfficeDays) -> Floats | None:
        """Return the end of a node on an office's days; None where it is closed."""
        own = self.office[place]
        if own is None:
            return None
        kept = self.on[place]
        if id(office) not in kept:
            kept[id(office)] = office.worked(own.moments(kept[id(own)]))
        return kept[id(office)]

    def beginning(self, office: OfficeDays) -> Floats:
        if id(office) not in self.begins:
            self.begins[id(office)] = office.worked(self.start)
        return self.begins[id(office)]

    def take(self, place: int, node: Node, step: Step) -> None:
        office, count = step.office, self.chances.samples
        begin = np.empty(count, np.float32)
        begin[:] = self.beginning(office)
        behind = np.full(count, NOBODY, np.int16)
        all_of = self.network.waits if self.masked else self.network.direct
        for before in all_of[place]:
            end = self.position(before, office)
            if end is not None:
                np.copyto(behind, before, where=end > begin)
                np.maximum(begin, end, out=begin)
        if node.counts:
            self._count(node, office, begin, behind)
        if node.key == DECISION and self.cut is not None and self.cut_by is not None:
            early = office.worked(self.cut) < begin
            begin = np.minimum(begin, office.worked(self.cut))
            behind = np.where(early, self.cut_by, behind)
        self._end(place, node, step, begin)
        self.behind[place] = behind

    def _end(self, place: int, node: Node, step: Step, begin: Floats) -> None:
        drawn = self.chances
        cells: Places = places(drawn.seed, step.stream or node.key, drawn.samples, drawn.rho)
        if step.rows is not None:
            cells = _slowest_of(cells, step.rows)
        end = begin + np.take(step.table, cells)  # type: ignore[arg-type]
        if step.cap is not None:
            end = np.minimum(end, np.floor(begin) + np.float32(1 + step.cap))
        if step.asked is not None:
            end = np.where(step.asked, end, NEVER)
            self.masked = True
        self.office[place] = step.office
        self.on[place] = {id(step.office): end}
        if step.fatal > 0:
            self._fatal(place, node, step, end)

    def _fatal(self, place: int, node: Node, step: Step, end: Floats) -> None:
        """Remember where this answer ends the case: the decision begins at once."""
        drawn = self.chances
        hit = evenly(drawn.seed, step.stream or node.key, drawn.samples) < step.fatal
        if step.asked is not None:
            hit = hit & step.asked
        at = np.where(hit, step.office.moments(end), np.float32(np.inf))
        if self.cut is None or self.cut_by is None:
            self.cut, self.cut_by = at, np.full(drawn.samples, place, np.int16)
        else:
            self.cut_by = np.where(at < self.cut, np.int16(place), self.cut_by)
            self.cut = np.minimum(self.cut, at)

    def _count(
        self, node: Node, office: OfficeDays, begin: Floats, behind: NDArray[np.int16]
    ) -> None:
        """Wait for so many answers of those it follows; closed and unasked ones count first."""
        ends = [(one, self.position(one, office)) for one in node.after]
        open_ones = [(one, end) for one, end in ends if end is not None]
        wanted = (node.join or 0) - (len(ends) - len(open_ones))
        if wanted <= 0 or not open_ones:
            return
        stack = np.stack([end for _, end in open_ones])
        asked = np.where(stack > NEVER, stack, np.float32(np.inf))
        order = np.argsort(asked, axis=0, kind="stable")
        rank = np.minimum(wanted, np.maximum((stack > NEVER).sum(axis=0), 1)) - 1
        chosen = np.take_along_axis(order, rank[None, :], axis=0)[0]
        end = np.take_along_axis(stack, chosen[None, :], axis=0)[0]
        names = np.asarray([one for one, _ in open_ones], np.int16)
        np.copyto(behind, names[chosen], where=end > begin)
        np.maximum(begin, end, out=begin)

    def finish(self) -> Run:
        count, tail = self.chances.samples, len(self.network.nodes) - 1
        done = np.empty(count, np.float32)
        done[:] = self.start
        last = np.full(count, NOBODY, np.int16)
        worked = tuple(
            None if office is None else self.on[place][id(office)]
            for place, office in enumerate(self.office)
        )
        is_decided = tail >= 0 and self.network.nodes[tail].key == DECISION
        for place in [tail] if is_decided and worked[tail] is not None else range(tail + 1):
            office, ends = self.office[place], worked[place]
            if office is not None and ends is not None:
                end = _moments(office, ends)
                np.copyto(last, place, where=end > done)
                np.maximum(done, end, out=done)
        return Run(
            self.network, self.start, worked, tuple(self.office), tuple(self.behind), done, last
        )


def _slowest_of(cells: Places, rows: Places) -> Places:
    """Return the cells of the slowest of so many answers: the chance to the power of 1 / rows."""
    raised = CHANCES[cells] ** (1 / np.maximum(rows, 1))
    return np.minimum(np.searchsorted(CHANCES, raised), len(CHANCES) - 1)


def _moments(office: OfficeDays, worked: Floats) -> Floats:
    """Return moments of positions; what was not asked stays NEVER."""
    found = office.moments(worked)
    return found if worked.min() > NEVER else np.where(worked > NEVER, found, NEVER)


# --- what the samples say --------------------------------------------------------------------


def quantiles(done: Floats, chances: Sequence[float] = (HALF, NINE_TENTHS)) -> tuple[float, ...]:
    """Return the moments by which these shares of the samples are done (the next one up)."""
    places_ = [min(max(int(np.ceil(p * len(done))) - 1, 0), len(done) - 1) for p in chances]
    sorted_ = np.partition(done, places_)
    return tuple(float(sorted_[place]) for place in places_)


def share_by(done: Floats, moment: float) -> float:
    """Return the share of the samples that are done by a moment."""
    return float(np.count_nonzero(done <= moment)) / len(done)


def days_on_the_way(found: Run, first: int = LOOKED_AT) -> dict[str, float]:
    """Return the mean days that each question adds to the slowest chain; they sum to the whole.

    The chain of a sample is walked back from its end: what was last waited for, and so on. The
    first samples are as good as any, for each stream is in a random order.
    """
    nodes, start = found.network.nodes, np.broadcast_to(found.start, found.done.shape)[:first]
    ends, behind = _ends(found, first), _behind(found, first)
    added = np.zeros(len(nodes))
    sample = np.flatnonzero(found.last[:first] >= 0)
    here = found.last[:first][sample].astype(np.intp)
    while len(here):
        before = behind[here, sample]
        begun = np.where(before >= 0, ends[before, sample], start[sample])
        added += np.bincount(here, ends[here, sample] - begun, minlength=len(nodes))
        on = before >= 0
        here, sample = before[on].astype(np.intp), sample[on]
    count = max(len(start), 1)
    return {
        node.key: float(days) / count for node, days in zip(nodes, added, strict=True) if days > 0
    }


def _ends(found: Run, first: int) -> Floats:
    """Return the moments of all ends, question by sample; those of one calendar in one go."""
    ends = np.full((len(found.offices), len(found.done[:first])), NEVER, np.float32)
    alike: dict[int, list[int]] = {}
    for place, office in enumerate(found.offices):
        if office is not None:
            alike.setdefault(id(office), []).append(place)
    for rows in alike.values():
        office = found.offices[rows[0]]
        worked = np.stack([one[:first] for n in rows if (one := found.worked[n]) is not None])
        if office is not None:
            ends[rows] = _moments(office, worked)
    return ends


def _behind(found: Run, first: int) -> NDArray[np.int16]:
    nobody = np.full(len(found.done[:first]), NOBODY, np.int16)
    return np.stack([nobody if one is None else one[:first] for one in found.behind])
