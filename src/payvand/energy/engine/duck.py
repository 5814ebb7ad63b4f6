"""How does DuckDB, inside this process, answer questions about a store?"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from payvand.energy.engine.port import EngineMissing
from payvand.energy.engine.store import Store

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def _quiet() -> Iterator[None]:
    """Ibis 12 calls DuckDB 2 by names that DuckDB is about to drop; the result is the same."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*deprecated", category=DeprecationWarning)
        yield


class Duck:
    """DuckDB through Ibis; two threads and two gigabytes unless told otherwise."""

    name = "duckdb"

    def __init__(self, options: dict[str, str]) -> None:
        try:
            import ibis
        except ImportError as error:
            raise EngineMissing(reason=str(error)) from error
        limits = {"threads": int(options.get("threads", "2")),
                  "memory_limit": options.get("memory", "2GB"),
                  "autoinstall_known_extensions": False}  # fmt: skip
        self._connection = ibis.duckdb.connect(**limits)

    def table(self, store: Store, kind: str, carrier: str) -> Any:
        files = store.folder(kind, carrier) / ("meters.parquet" if kind == "meters" else "*/*")
        with _quiet():
            return self._connection.read_parquet(f"{files}", hive_partitioning=False)

    def given(self, rows: pd.DataFrame, name: str) -> Any:
        with _quiet():
            self._connection.con.register(name, rows)
            return self._connection.table(name)

    def answer(self, expression: Any) -> pd.DataFrame:
        with _quiet():
            found: pd.DataFrame = self._connection.to_pandas(expression)
        return found

    def close(self) -> None:
        self._connection.disconnect()
