"""Can this text become a service, and if not, what must its author mend?

Pure: no database. The door to packs: `load` reads and judges a file, `compile` makes the service,
`from_json` makes it again from what the database keeps.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from payvand.window.rules import pack_compile, pack_lint, pack_schema, pack_yaml
from payvand.window.rules.pack_model import Body, CompiledService, Text
from payvand.window.rules.pack_problems import Problem

__all__ = [
    "CompiledService",
    "LoadResult",
    "Pack",
    "Problem",
    "Role",
    "compile",
    "from_json",
    "load",
    "roles",
    "shipped",
]


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack without errors, as data; `text` is the file as its author wrote it."""

    id: str
    version: str
    body: Body
    text: str
    filename: str


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What came of reading a file; `pack` is None when there is an error among the problems."""

    pack: Pack | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that keep the pack from being installed."""
        return tuple(one for one in self.problems if one.is_error)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return the problems its owner should know of."""
        return tuple(one for one in self.problems if not one.is_error)


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of office: its names, the level its offices usually sit at, office/agency/body."""

    slug: str
    title: Text
    level: str
    kind: str


def load(text: str, filename: str, *, known_roles: Collection[str] | None = None) -> LoadResult:
    """Return the pack in `text`, or everything that is wrong with it, by line.

    known_roles: roles that may be named; those of roles.yaml unless given.
    """
    source = pack_yaml.read(text, filename)
    if source.data is None and not source.problems:
        source.report("schema.required", key="payvand", about="")
    if source.data is not None:
        pack_schema.check(source)
        if not any(one.is_error for one in source.problems):
            known = set(roles()) if known_roles is None else known_roles
            pack_lint.check(source, roles=known)
    problems = tuple(sorted(set_of(source.problems), key=lambda p: (p.line, p.column, p.code)))
    if any(one.is_error for one in problems):
        return LoadResult(None, problems)
    body = source.data
    return LoadResult(Pack(body["id"], body["version"], body, text, filename), problems)


def set_of(problems: Collection[Problem]) -> list[Problem]:
    """Return each problem once: YAML and schema may notice the same word."""
    once = {(one.line, one.column, one.code, one.path): one for one in problems}
    return list(once.values())


def compile(pack: Pack) -> CompiledService:  # noqa: A001  (the word of the trade)
    """Return the service that a pack describes."""
    return pack_compile.service(pack.body)


def from_json(body: Body) -> CompiledService:
    """Return the service whose `to_json()` is `body`; the digest is the same again."""
    return pack_compile.service(body)


@cache
def roles() -> Mapping[str, Role]:
    """Return the roles of roles.yaml by slug."""
    text = resources.files("payvand.packs").joinpath("roles.yaml").read_text("utf-8")
    raw: Mapping[str, Mapping[str, Any]] = yaml.safe_load(text)["roles"]
    return {
        slug: Role(slug, Text(one["fa"], one["en"]), one["level"], one["kind"])
        for slug, one in raw.items()
    }


def shipped() -> Mapping[str, str]:
    """Return the text of every service.yaml that comes with the product, by folder name."""
    folders = sorted(resources.files("payvand.packs").iterdir(), key=lambda one: one.name)
    files = {one.name: one.joinpath("service.yaml") for one in folders if one.is_dir()}
    return {name: file.read_text("utf-8") for name, file in files.items() if file.is_file()}
