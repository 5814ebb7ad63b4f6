"""What does a pack file say, and on which line does it say it?

Pure. Reads YAML into plain data and keeps the position of every key and value. What YAML would
silently read as something else (yes, 010, 12:30, repeated keys) is reported, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from payvand.window.rules.pack_problems import Path, Problem, problem

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 40
MAX_DIGITS = 40
_WORDS = re.compile(r"(?i)^(yes|no|on|off|y|n)$")
_OCTAL = re.compile(r"^[-+]?0[0-9_]+$|^[-+]?0[ob][0-9_]+$")
_SEXAGESIMAL = re.compile(r"^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9]*)?$")
_TAG = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Source:
    """A file as data, with the position and the written form of each value."""

    file: str
    data: Any = None
    positions: dict[Path, tuple[int, int]] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)  # plain scalars read as no text
    problems: list[Problem] = field(default_factory=list)

    def at(self, path: Path) -> tuple[int, int]:
        """Return line and column of `path`, or of the nearest thing around it."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))

    def report(self, code: str, path: Path = (), **facts: Any) -> None:
        """Add the problem `code` at `path`."""
        found = problem(code, file=self.file, at=self.at(path), path=path, **facts)
        self.problems.append(found)


def read(text: str, filename: str) -> Source:
    """Return the file as data; problems are collected, `data` is None when nothing can be read."""
    source = Source(filename)
    text = text.removeprefix("\ufeff")
    try:
        if not _is_harmless(text, source):
            return source
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        _syntax(error, source)
        return source
    except yaml.YAMLError as error:
        source.report("yaml.syntax", detail=" ".join(str(error).split()))
        return source
    if node is not None:
        source.data = _value(node, (), source)
    return source


def _is_harmless(text: str, source: Source) -> bool:
    """Refuse size, depth and anchors first: a few lines can expand to gigabytes."""
    if len(text) > MAX_CHARACTERS:
        source.report("yaml.too_large", limit=MAX_CHARACTERS, depth=MAX_DEPTH)
        return False
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        anchor = getattr(event, "anchor", None)
        if anchor:
            source.positions[()] = _mark(event)
            source.report("yaml.anchor", name=anchor)
            return False
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            source.positions[()] = _mark(event)
            source.report("yaml.too_large", limit=MAX_CHARACTERS, depth=MAX_DEPTH)
            return False
    return True


def _syntax(error: yaml.MarkedYAMLError, source: Source) -> None:
    mark = error.problem_mark or error.context_mark
    source.positions[()] = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if "\\t" in str(error.problem):
        source.report("yaml.tab")
    else:
        source.report("yaml.syntax", detail=error.problem or error.context or "")


def _mark(part: Any) -> tuple[int, int]:
    return part.start_mark.line + 1, part.start_mark.column + 1


def _value(node: yaml.Node, path: Path, source: Source) -> Any:
    source.positions.setdefault(path, _mark(node))
    if isinstance(node, yaml.MappingNode):
        return {
            key: _value(inner, (*path, key), source) for key, inner in _pairs(node, path, source)
        }
    if isinstance(node, yaml.SequenceNode):
        return [_value(inner, (*path, n), source) for n, inner in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)  # noqa: S101 - YAML knows three kinds of nodes
    return _scalar(node, path, source)


def _pairs(node: yaml.MappingNode, path: Path, source: Source) -> Iterator[tuple[str, yaml.Node]]:
    """Yield keys as written and their values; of repeated keys the first counts."""
    first: dict[str, int] = {}
    for key_node, inner in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            source.positions[(*path, "?")] = _mark(key_node)
            source.report("yaml.syntax", (*path, "?"), detail="a key must be a word")
            continue
        if key in first:
            found = problem(
                "yaml.duplicate_key",
                file=source.file,
                at=_mark(key_node),
                path=(*path, key),
                key=key,
                first=first[key],
            )
            source.problems.append(found)
            continue
        first[key] = line
        source.positions[(*path, key)] = _mark(key_node)
        if key_node.style is None and _WORDS.match(key):
            source.report("yaml.word_as_boolean", (*path, key), word=key)
        yield key, inner


def _scalar(node: yaml.ScalarNode, path: Path, source: Source) -> Any:
    """Return the value of a scalar; traps are reported where no reading is surely the meant one."""
    word = str(node.value)
    if node.style is not None or not node.tag.startswith(_TAG):
        return word
    kind = node.tag.removeprefix(_TAG)
    if kind == "timestamp":
        source.report("yaml.unquoted_date", path, word=word)
        return word
    if kind in ("int", "float") or _OCTAL.match(word):
        return _number(word, kind, path, source)
    if kind == "bool":
        source.written[path] = word
        return word.lower() in ("true", "yes", "on")
    if kind == "null":
        source.written[path] = word
        return None
    return word


def _number(word: str, kind: str, path: Path, source: Source) -> Any:
    if _SEXAGESIMAL.match(word):
        source.report("yaml.sexagesimal", path, word=word)
        return word
    if _OCTAL.match(word):
        source.report("yaml.octal", path, word=word)
        return word
    source.written[path] = word
    if len(word) > MAX_DIGITS or word.lstrip("+-").lower() in (".inf", ".nan"):
        return word
    if kind == "float":
        return float(word.replace("_", ""))
    return int(word.replace("_", ""), 16 if "x" in word.lower() else 10)
