"""Where do the rows and the mapping of a log come from? CSV files, plain or gzipped, and YAML."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from importlib import resources
from pathlib import Path

import yaml

from payvand.kernel.errors import Invalid, gettext_noop
from payvand.window.replay.rules.mapping import BadMapping, LogMapping, parse


class UnreadableLog(Invalid):
    """The file is not a CSV file in UTF-8 with a header."""

    code = "window.unreadable_log"
    what = gettext_noop("The log {file} cannot be read.")
    why = "{problem}"
    now = gettext_noop("Give a CSV file in UTF-8 with a header line, plain or gzipped.")


@contextmanager
def rows(path: Path) -> Iterator[tuple[Sequence[str], Iterator[Mapping[str, str]]]]:
    """Open a log and give its header and its rows, one after another."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restval="")
            if not reader.fieldnames:
                raise UnreadableLog(file=path.name, problem="It is empty.")
            yield reader.fieldnames, iter(reader)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableLog(file=path.name, problem=str(error)) from error


def shipped() -> dict[str, str]:
    """Return the text of every mapping that comes with the product, by name."""
    folder = resources.files("payvand.window.replay").joinpath("mappings")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return {f.name.removesuffix(".yaml"): f.read_text("utf-8") for f in found}


def mapping(name: str) -> LogMapping:
    """Return a mapping: a file, or the name of one that is shipped. Raises BadMapping."""
    path = Path(name)
    text = path.read_text("utf-8") if path.is_file() else shipped().get(name)
    if text is None:
        problem = f"there is no file {name}; shipped are {', '.join(shipped())}"
        raise BadMapping(fields={"mapping": problem}, problem=problem)
    try:
        return parse(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise BadMapping(fields={"mapping": str(error)}, problem=str(error)) from error


def holidays_of(country: str, years: Sequence[int]) -> dict[date, str]:
    """Return the public holidays of a country by date; none without a country. Raises BadMapping.

    Source: the `holidays` package.
    """
    if not country:
        return {}
    import holidays

    try:
        return dict(holidays.country_holidays(country, years=years))
    except NotImplementedError as error:
        problem = f"holidays of {country} are not known"
        raise BadMapping(fields={"clock.holidays": problem}, problem=problem) from error
