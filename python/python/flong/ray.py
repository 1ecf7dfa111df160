"""flong on Ray Data: a dataset in, a dataset out.

Ray reads, maps and writes the blocks of a dataset on all its machines. What repeats can only be seen where all of it passes: the
blocks are streamed to one process of flong, which works on disk where memory is not enough. Where one machine is not enough, see
:mod:`flong.spark`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow
import ray.data

from flong._api import clean as clean_data
from flong._api import find as find_data
from flong._errors import UsageError
from flong._results import Result

if TYPE_CHECKING:
    from ray.data import Dataset

__all__ = ["clean", "find"]


def find(data: Dataset, *, order: str | None = None, **options: Any) -> Result:
    """Find what repeats in a dataset, and change nothing: :func:`flong.find` on its rows.

    Args:
        data: The dataset.
        order: Column to sort the rows by. Without it they come in the order of the dataset's blocks.
        options: As of :func:`flong.find`.
    """
    with _stream(data, order) as reader:
        return find_data(reader, **options)


def clean(data: Dataset, *, out: str | os.PathLike[str], order: str | None = None, **options: Any) -> Dataset:
    """Remove duplicates and boilerplate from a dataset, and return the cleaned one: :func:`flong.clean` on its rows.

    Args:
        data: The dataset.
        out: Folder to write the cleaned rows, the ledger and the other outputs into. All machines that read the cleaned dataset
            must reach it.
        order: As of :func:`find`.
        options: As of :func:`flong.clean`.
    """
    with _stream(data, order) as reader:
        clean_data(reader, out=out, **options)
    return ray.data.read_parquet(os.path.join(os.path.abspath(out), "documents.parquet"))


@contextmanager
def _stream(data: Dataset, order: str | None) -> Iterator[pyarrow.RecordBatchReader]:
    """Yield the rows of a dataset, block by block and in order."""
    if order is not None:
        data = data.sort(order)
    execution = data.context.execution_options
    before, execution.preserve_order = execution.preserve_order, True
    try:
        columns = data.schema()
        if columns is None:
            raise UsageError("the dataset has no rows, and no columns are known")
        schema = pyarrow.schema(list(zip(columns.names, columns.types)))
        tables: Iterable[Any] = data.iter_batches(batch_size=None, batch_format="pyarrow")
        batches = (batch for table in tables for batch in table.cast(schema).to_batches())
        yield pyarrow.RecordBatchReader.from_batches(schema, batches)
    finally:
        execution.preserve_order = before
