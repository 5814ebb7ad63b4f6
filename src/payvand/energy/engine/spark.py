"""How does an Apache Spark cluster answer questions about a store?

The master may be `local[2]`, `spark://host:7077` or what a nation runs. Files lie where the driver
and all workers see them under the same path. Times are UTC, whatever the machines are set to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payvand.energy.engine.port import EngineMissing
from payvand.energy.engine.store import Store

if TYPE_CHECKING:
    import pandas as pd

DEFAULTS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # times without a zone stay without one
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
}


class Spark:
    """Spark through Ibis; options are `master` and any `spark.*` setting."""

    name = "spark"

    def __init__(self, options: dict[str, str]) -> None:
        try:
            import ibis
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise EngineMissing(reason=str(error)) from error
        builder = SparkSession.builder.master(options.get("master", "local[2]"))
        builder = builder.appName(options.get("name", "payvand"))
        told = {key: value for key, value in options.items() if key.startswith("spark.")}
        for key, value in {**DEFAULTS, **told}.items():
            builder = builder.config(key, value)
        try:
            self._session = builder.getOrCreate()
            self._session.sparkContext.setLogLevel("ERROR")
            self._connection = ibis.pyspark.connect(self._session)
        except Exception as error:
            raise EngineMissing(reason=str(error).split("\n")[0]) from error

    def table(self, store: Store, kind: str, carrier: str) -> Any:
        files = store.folder(kind, carrier)
        # sub-folders are read as they are: the day stands in the name of the folder only
        found = self._session.read.option("recursiveFileLookup", "true").parquet(str(files))
        name = f"{kind}_{carrier}"
        found.createOrReplaceTempView(name)
        return self._connection.table(name)

    def given(self, rows: pd.DataFrame, name: str) -> Any:
        self._session.createDataFrame(rows).createOrReplaceTempView(name)
        return self._connection.table(name)

    def answer(self, expression: Any) -> pd.DataFrame:
        found: pd.DataFrame = self._connection.to_pandas(expression)
        return found

    def close(self) -> None:
        self._session.stop()
