"""Maps of the extension over the parts of a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.dataset
from pyspark import TaskContext
from pyspark.sql.pandas.types import to_arrow_schema

from flong._flong import Columns, SparkKnowledge, SparkStep

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

#: Where knowledge is: the folder of its chunks, and that of the titles, if the second round is over.
Knowledge = tuple[str, "str | None"]


def chunks(table: pa.Table) -> bytes:
    """Return the bytes that a table of chunks holds."""
    return b"".join(table.sort_by("seq")["bytes"].to_pylist())


@lru_cache(maxsize=2)
def _known(folder: str, titles: str | None) -> SparkKnowledge | None:
    """Return the knowledge of a run, read once by each process; None if no document was counted."""
    # Spark's name for S3 is not that of others.
    folder = folder.replace("s3a://", "s3://", 1)
    titles = titles and titles.replace("s3a://", "s3://", 1)
    data = chunks(pyarrow.dataset.dataset(folder, format="parquet").to_table(columns=["seq", "bytes"]))
    if not data:
        return None
    if titles is None:
        return SparkKnowledge.first(data)
    table = pyarrow.dataset.dataset(titles, format="parquet").to_table()
    return SparkKnowledge.all(data, table["title"].to_pylist())


def _columns(batch: pa.RecordBatch) -> Columns:
    """Return a batch as the extension takes it."""
    columns = Columns.of(batch)
    assert columns is not None, "a batch has the Arrow interface"
    return columns


def _run(
    batches: Iterator[pa.RecordBatch], name: str, options: str, extra: str | None, knowledge: Knowledge | None
) -> Iterator[pa.RecordBatch]:
    context = TaskContext.get()
    part = context.partitionId() if context else 0
    step = SparkStep(name, options, part, extra, _known(*knowledge) if knowledge else None)
    for batch in batches:
        if batch.num_rows and (made := step.take(_columns(batch))) is not None:
            yield from pa.table(made).to_batches()
    if (made := step.finish()) is not None:
        yield from pa.table(made).to_batches()


class Maps:
    """The maps of a run with given options."""

    def __init__(self, options: str) -> None:
        self.options = options

    def needed(self, columns: list[str]) -> list[str]:
        """Return the columns that documents are read from."""
        names = SparkStep.columns(self.options)
        return [column for column in columns if any(name == column or name.startswith(f"{column}.") for name in names)]

    def check(self, schema: StructType, name: str, extra: str | None) -> None:
        """Raise what a map raises of a table with these columns."""
        none = pa.RecordBatch.from_pylist([], schema=to_arrow_schema(schema))
        SparkStep(name, self.options, 0, extra).take(_columns(none))

    def __call__(
        self,
        data: DataFrame,
        name: str,
        *,
        extra: str | None = None,
        knowledge: Knowledge | None = None,
        schema: StructType | None = None,
    ) -> DataFrame:
        """Return what a map makes of the rows of a DataFrame."""
        run: Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]] = partial(
            _run, name=name, options=self.options, extra=extra, knowledge=knowledge
        )
        return data.mapInArrow(run, schema=schema if schema is not None else SparkStep.schema(name))
