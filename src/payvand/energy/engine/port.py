"""How is a question answered, whichever engine does the work?

One port: an engine opens the tables of a store and runs an Ibis expression. DuckDB inside the
process is the default; Apache Spark takes over when the readings of a nation outgrow one machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from payvand.energy.engine.store import Store
from payvand.kernel.errors import PayvandError, gettext_noop

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("readings", "rollup", "flags", "meters")


class EngineMissing(PayvandError):
    """The engine that the settings name is not installed or cannot be reached."""

    code, status = "energy.engine_missing", 503
    what = gettext_noop("The engine for large tables could not be started.")
    why = "{reason}"
    now = gettext_noop("Install it, or choose duckdb as the engine.")


class Engine(Protocol):
    """Something that answers questions about a store."""

    name: str

    def table(self, store: Store, kind: str, carrier: str) -> Any:
        """Return the Ibis table of one of KINDS."""

    def given(self, rows: pd.DataFrame, name: str) -> Any:
        """Return the Ibis table of rows that lie outside the store, such as supply."""

    def answer(self, expression: Any) -> pd.DataFrame:
        """Return the rows of an expression."""

    def close(self) -> None:
        """Give memory and connections back."""


def engine(name: str = "duckdb", options: Mapping[str, str] | None = None) -> Engine:
    """Return the engine of a name: duckdb or spark. Raises EngineMissing."""
    asked = dict(options or {})
    if name == "duckdb":
        from payvand.energy.engine.duck import Duck

        return Duck(asked)
    if name == "spark":
        from payvand.energy.engine.spark import Spark

        return Spark(asked)
    raise EngineMissing(reason=f"{name!r} is neither duckdb nor spark")


def ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with whole numbers as int64, in an order that depends on their content only."""
    found = rows.copy()
    for column in found.columns:
        if column.endswith("wh") or column in ("n", "bad", "expected", "gap_ppm"):
            found[column] = found[column].astype("Int64")
    return found.sort_values(list(found.columns), ignore_index=True)
