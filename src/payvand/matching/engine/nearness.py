"""Does the meaning of words take part in ranking, and what happens when the model fails?

`PAYVAND_MATCHING_MEANING` names the model: nothing, `local`, or the address of a service. When it
cannot answer, ranking goes on by words alone, the reason is logged and kept, and the model is left
in peace for a minute, so that no page waits for it twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy.typing as npt
from django.conf import settings

from payvand.matching.engine import meaning
from payvand.matching.engine.vectors import Vectors
from payvand.matching.rules.evidence import EvidenceText, NeedText
from payvand.matching.rules.meaning import (
    Embedder,
    Floats,
    NoMeaningError,
    pair,
)
from payvand.matching.rules.terms import Bridge
from payvand.matching.rules.words import is_persian

PAUSE = 60.0  # seconds without another attempt after a failure
NEAREST = 200  # items that are looked at for their meaning, whatever their words
KEPT_NEEDS = 64

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A need as the model reads it."""

    vector: Floats  # of whole and lead
    also: Sequence[str]  # items nearest in meaning


class Nearness:
    """A model, the vectors it made, and whether it works."""

    def __init__(self, model: Callable[[], Embedder], path: Path) -> None:
        self._make, self._path = model, path
        self._model: Embedder | None = None
        self._store: Vectors | None = None
        self._needs: dict[tuple[NeedText, int], Floats] = {}
        self.problem = ""  # why ranking goes by words alone at present
        self._until = 0.0

    def ask(self, need: NeedText, bridge: Bridge) -> Asked | None:
        """Return what to look for, None while the model does not work.

        None too for a Persian need and a model that reads no Persian: carried over by the terms,
        it ranked worse than by words alone (docs/adr/0017).
        """
        if time.monotonic() < self._until:
            return None
        return self._tried(lambda model, store: self._asked(need, bridge, model, store))

    def scores(self, items: Sequence[str], asked: Asked) -> Mapping[str, npt.NDArray[Any]] | None:
        """Return how near items are to a need, None when nothing is known of them."""
        return self._tried(lambda _model, store: store.scores(items, asked.vector)) or None

    def replace(self, firms: Mapping[str, Sequence[EvidenceText]]) -> None:
        """Note what changed; the worker embeds it."""
        self._tried(lambda _model, store: store.replace(firms))

    def rebuild(self, items: Iterable[EvidenceText], *, is_anew: bool = False) -> None:
        """Note everything there is; what has its vector keeps it, unless all is made anew."""
        self._tried(lambda _model, store: store.rebuild(items, is_anew=is_anew))

    def catch_up(
        self, bridge: Bridge, *, seconds: float, tell: Callable[[int], None] = lambda done: None
    ) -> int:
        """Embed what waits, for so many seconds; returns how many texts."""
        done = self._tried(lambda m, store: store.catch_up(m, bridge, seconds=seconds, tell=tell))
        return done or 0

    def counts(self) -> tuple[int, int]:
        """Return how many texts have their vectors, and how many wait."""
        return self._store.counts() if self._store else (0, 0)

    def _asked(
        self, need: NeedText, bridge: Bridge, model: Embedder, store: Vectors
    ) -> Asked | None:
        if is_persian(f"{need.title} {need.text}") and not model.reads_persian:
            return None
        key = need, id(bridge)
        if key not in self._needs:
            if len(self._needs) >= KEPT_NEEDS:
                self._needs.clear()
            self._needs[key] = pair(model, need.title, need.text, bridge)
            self.problem = ""
        vector = self._needs[key]
        return Asked(vector, store.nearest(vector, NEAREST))

    def _tried(self, work: Callable[[Embedder, Vectors], T]) -> T | None:
        try:
            if self._model is None or self._store is None:
                self._model = self._make()
                self._store = Vectors(self._path, self._model.name)
            return work(self._model, self._store)
        except NoMeaningError as error:
            self.problem, self._until = error.reason, time.monotonic() + PAUSE
            log.warning("Ranking by words alone: %s", error.reason)
            return None


def nearness() -> Nearness | None:
    """Return what the settings ask for; None where words alone rank."""
    told = settings.PAYVAND_MATCHING_MEANING
    if not told:
        return None
    folder = settings.PAYVAND_MATCHING_INDEX or settings.VAR / "matching"
    return _nearness(told, settings.PAYVAND_MATCHING_MEANING_MODEL,
                     settings.PAYVAND_MATCHING_MEANING_TOKEN, Path(folder))  # fmt: skip


@lru_cache(maxsize=1)
def _nearness(told: str, model: str, token: str, folder: Path) -> Nearness:
    return Nearness(
        lambda: meaning.chosen(told, model=model, token=token), folder / "meaning.sqlite3"
    )
