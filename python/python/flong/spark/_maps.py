"""Maps of the extension over the parts of a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.dataset
from pyarrow.fs import FileSystem
from pyspark import TaskContext
from pyspark.sql.pandas.types import to_arrow_schema

from flong._flong import Columns, SparkKnowledge, SparkStep

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

#: The files of a table, each as an address with its scheme. A table that is made again has files of other names.
Files = tuple[str, ...]


@dataclass(frozen=True)
class Knowledge:
    """Where knowledge is: the files of its tables."""

    #: The sum of the counts of the first round.
    first: Files
    #: The counted parts of the hashes of the first round; none if each block of documents comes with those that it needs.
    parts: Files | None
    #: The sum of the counts of the second round, once that is over.
    second: Files | None = None
    #: The titles that texts may promote, then; none if each block comes with those that it may.
    titles: Files | None = None


def chunks(table: pa.Table) -> bytes:
    """Return the bytes that a table of chunks holds."""
    return b"".join(table.sort_by("seq")["bytes"].to_pylist())


def _read(files: Files | None, columns: list[str]) -> pa.Table:
    """Return the table that is in files."""
    if not files:
        return pa.table({column: [] for column in columns})
    # Spark's name for S3 is not that of others.
    found = [FileSystem.from_uri(file.replace("s3a://", "s3://", 1)) for file in files]
    system, paths = found[0][0], [path for _, path in found]
    return pyarrow.dataset.dataset(paths, filesystem=system, format="parquet").to_table(columns=columns)


@lru_cache(maxsize=1)
def _known(knowledge: Knowledge) -> SparkKnowledge | None:
    """Return the knowledge of a run, read once by each process; None if no document was counted."""
    counts = chunks(_read(knowledge.first, ["seq", "bytes"]))
    parts = []
    if knowledge.parts is not None:
        table = _read(knowledge.parts, ["part", "bytes"])
        parts = list(zip(table["part"].to_pylist(), table["bytes"].to_pylist()))
    first = SparkKnowledge.first(counts, parts)
    if knowledge.second is None:
        return first
    second = chunks(_read(knowledge.second, ["seq", "bytes"]))
    return first.with_second(second, _read(knowledge.titles, ["title"])["title"].to_pylist()) if second else None


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
    step = SparkStep(name, options, part, extra, _known(knowledge) if knowledge else None)
    for batch in batches:
        if batch.num_rows and (made := step.take(_columns(batch))) is not None:
            yield from pa.table(made).to_batches()
    if (made := step.finish()) is not None:
        yield from pa.table(made).to_batches()


class Maps:
    """The maps of a run with given options."""

    def __init__(self, options: str) -> None:
        # Executors need not have the file of the settings.
        self.options = SparkStep.options(options)

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
