"""Is the log still exactly what was written and signed?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

from payvand.audit import queries
from payvand.audit.actions import root_fingerprint, root_statement
from payvand.audit.keys import KeyRing
from payvand.audit.rules.chain import Head
from payvand.audit.rules.inspection import ROOT_BROKEN, Finding, Report, inspect
from payvand.audit.rules.roots import State

MAX_FINDINGS = 50
Progress = Callable[[int, int], None]  # streams done, streams known
Signed = dict[UUID, list[Head]]


def verify(progress: Progress | None = None, *, anchor: str = "") -> Report:
    """Check every event, head and signed root; name the first bad place.

    anchor: the fingerprint of a root that was kept elsewhere (a gazette, another agency); with it
    the removal of the newest roots themselves is found too. A stream that no signed root knows yet
    can vanish whole without trace: sign daily.
    """
    root_findings, signed, count, last = _check_roots(anchor)
    heads = queries.all_heads()
    findings, streams, events = list(root_findings), 0, 0
    for found, size in _check_streams(heads, signed):
        streams += 1
        events += size
        if found is not None:
            findings.append(found)
        if progress is not None:
            progress(streams, len(heads))
    findings.sort(key=lambda f: (f.stream is not None, str(f.stream)))
    return Report(streams, events, count, last, tuple(findings[:MAX_FINDINGS]))


def _check_streams(heads: dict[UUID, Head], signed: Signed) -> Iterator[tuple[Finding | None, int]]:
    waiting = heads.keys() | signed.keys()
    for stream, rows in queries.all_streams():
        waiting.discard(stream)
        found = inspect(stream, rows, heads.get(stream), signed.get(stream, ()))
        yield found, len(rows)
    for stream in sorted(waiting):
        yield inspect(stream, (), heads.get(stream), signed.get(stream, ())), 0


def _check_roots(anchor: str) -> tuple[list[Finding], Signed, int, str]:
    """Return what is wrong with the roots, the heads they vouch for, their number and the last."""
    ring, state = KeyRing(), State()
    signed: defaultdict[UUID, list[Head]] = defaultdict(list)
    previous, day, count, seen = "", None, 0, not anchor
    for root, leaves in queries.roots():
        state.move(leaves)
        sound = (
            root.previous == previous
            and (day is None or root.day == day + timedelta(days=1))
            and (root.root, root.streams, root.events)
            == (state.root(), len(state.heads), state.events)
            and ring.is_signed(root_statement(root), root.signature, root.key_id)
        )
        if not sound:
            # What a broken root says is no evidence, and no later root can be trusted.
            return [Finding(ROOT_BROKEN, detail=f"{root.day}")], dict(signed), count, previous
        for stream, seq, head in leaves:
            signed[stream].append((seq, head))
        previous, day, count = root_fingerprint(root), root.day, count + 1
        seen = seen or previous == anchor
    broken = [] if seen else [Finding(ROOT_BROKEN, detail="the root kept elsewhere is not here")]
    return broken, dict(signed), count, previous
