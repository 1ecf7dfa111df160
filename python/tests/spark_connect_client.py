"""A client of Spark Connect, which test_spark_connect.py runs in a process of its own.

Cleans FOLDER/in, and writes the tables into FOLDER.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pyspark.sql import SparkSession
from same_as_command import tables

import flong.spark


def refused(kind: type[Exception], told: str, data, **options) -> None:
    """Hold that what cannot be used is refused by the same words as without Spark Connect."""
    try:
        flong.spark.find(data, **options)
    except kind as error:
        assert told in str(error), error
    else:
        raise AssertionError(f"nothing was said of {options}")


def main(folder: Path) -> None:
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.sql.session.timeZone": "UTC"}
    builder = SparkSession.builder.remote("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    assert type(session).__module__.startswith("pyspark.sql.connect"), type(session)
    data = session.read.parquet(str(folder / "in"))
    cleaned = flong.spark.clean(data, order="line", work_dir=str(folder / "work"))
    for name, table in tables(cleaned).items():
        table.write.parquet(str(folder / name))
    # The run goes on where it was, and another one is refused.
    again = flong.spark.clean(data, order="line", work_dir=str(folder / "work"))
    assert again.ledger.count() == cleaned.ledger.count()
    refused(flong.UsageError, "other parameters", data, order="line", work_dir=str(folder / "work"))
    refused(flong.UsageError, "occurs 2 times", data.select("id", "text").union(data.select("id", "text")))
    rows = session.createDataFrame([(0, "The ferry ran aground on Tuesday."), (-1, None)], "line long, text string")
    refused(flong.UsageError, "from 0 on", rows, order="line")
    empty = rows.where("line = -1").selectExpr("1L line", "text")
    refused(flong.UnreadableError, "the text is null", empty, order="line", strict=True)
    session.stop()


main(Path(sys.argv[1]))
