"""What does a case look like in XES (IEEE 1849), line by line?

Written by hand, one trace at a time, with the extensions concept, time, lifecycle and
organizational, their globals and two classifiers. Pure: text, no files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from payvand.foresight.rules.trail import Step, Trail

SPACE = "http://www.xes-standard.org/"
EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)
# No character that XML 1.0 cannot carry, wherever it came from.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def head(name: str, version: str = "1849.2016") -> str:
    """Return the beginning of a log: extensions, globals, classifiers, its name."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<log xes.version={quoteattr(version)} xes.features="" xmlns="{SPACE}">',
    ]
    lines += [
        f'\t<extension name="{title}" prefix="{prefix}" uri="{uri}"/>'
        for title, prefix, uri in EXTENSIONS
    ]
    lines += [
        '\t<global scope="trace">', f"\t\t{_string('concept:name', '__INVALID__')}", "\t</global>",
        '\t<global scope="event">', f"\t\t{_string('concept:name', '__INVALID__')}",
        '\t\t<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>',
        f"\t\t{_string('lifecycle:transition', 'complete')}", "\t</global>",
        '\t<classifier name="Activity" keys="concept:name"/>',
        '\t<classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>',
        f"\t{_string('concept:name', name)}", f"\t{_string('lifecycle:model', 'standard')}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def trace(case: Trail) -> str:
    """Return one case as a trace."""
    lines = ["\t<trace>", f"\t\t{_string('concept:name', case.id)}"]
    told = {"service": case.service, "version": case.version, "province": case.province,
            "state": case.state, "outcome": case.outcome}  # fmt: skip
    lines += [f"\t\t{_string(key, value)}" for key, value in told.items() if value]
    lines.append(f"\t\t{_date('submitted', case.submitted)}")
    if case.decided is not None:
        lines.append(f"\t\t{_date('decided', case.decided)}")
    for step in case.steps:
        lines += ["\t\t<event>", *(f"\t\t\t{line}" for line in _event(step)), "\t\t</event>"]
    return "\n".join([*lines, "\t</trace>"]) + "\n"


def _event(step: Step) -> Iterator[str]:
    yield _string("concept:name", step.activity)
    yield _string("lifecycle:transition", step.transition)
    yield _date("time:timestamp", step.at)
    one = step.question
    if one is not None:
        yield _string("concept:instance", one.id)
        if one.agency:
            yield _string("org:group", one.agency)
        yield _string("org:role", one.kind)
        if one.due is not None:
            yield _date("due", one.due)
    if step.office:
        yield _string("reported_to", step.office)
    for key, value in step.facts.items():
        yield _string(key, value)


def foot() -> str:
    """Return the end of a log."""
    return "</log>\n"


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(_FORBIDDEN.sub('', value))}/>"


def _date(key: str, at: datetime) -> str:
    plain = at.astimezone(UTC)
    told = f"{plain:%Y-%m-%dT%H:%M:%S}.{plain.microsecond // 1000:03}+00:00"
    return f'<date key={quoteattr(key)} value="{told}"/>'
