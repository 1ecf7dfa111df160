"""What users hand over, as a table or as paths."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any, Union

from flong._errors import UsageError
from flong._flong import Columns
from flong._table import Table

#: What functions take as data: a table by the Arrow PyCapsule interface (pyarrow, polars, pandas, DuckDB, datasets), texts,
#: records, or paths.
Data = Union[str, "os.PathLike[str]", Iterable[Any], Any]


def paths_of(data: Data) -> list[str] | None:
    """Return the paths that data names, or None if it is data itself.

    A string is a path; a list of strings is a list of texts; a list of ``pathlib.Path`` is a list of paths.
    """
    if isinstance(data, (str, os.PathLike)):
        return [os.fspath(data)]
    if isinstance(data, (list, tuple)) and data and all(isinstance(item, os.PathLike) for item in data):
        return [os.fspath(item) for item in data]
    return None


def columns_of(data: Data) -> Columns:
    """Return data as Arrow columns."""
    if isinstance(data, Table):
        return data._columns
    if (columns := Columns.of(data)) is not None:
        return columns
    if (table := _of_dataset(data)) is not None:
        return table
    if isinstance(data, Mapping) or not isinstance(data, Iterable):
        raise UsageError(
            f"data is of type {type(data).__name__}; give a table (pyarrow, polars, pandas 3, DuckDB, datasets), a list of "
            "texts or of dicts, or a path"
        )
    items: list[Any] = list(data)
    if all(item is None or isinstance(item, str) for item in items):
        try:
            return Columns.of_texts(items)
        except UnicodeEncodeError as error:
            raise _half_a_character(items, error) from None
    if all(isinstance(item, Mapping) for item in items):
        return _of_records(items)
    odd = next(item for item in items if not isinstance(item, (str, Mapping)))
    raise UsageError(f"a list of texts, or one of dicts, is wanted; there is a {type(odd).__name__} in this one")


def _of_dataset(data: Any) -> Columns | None:
    """Return a dataset of Hugging Face as columns, where its version has no interface of its own."""
    if not (type(data).__module__.startswith("datasets.") and hasattr(data, "with_format")):
        return None
    if hasattr(data, "keys"):
        splits = ", ".join(repr(name) for name in data)
        raise UsageError(f"data is several datasets; name one of {splits}, as in data[{next(iter(data))!r}]")
    return Columns.of(data.with_format("arrow")[:])


def _half_a_character(texts: list[Any], error: UnicodeEncodeError) -> UsageError:
    """Return the error about a text that UTF-8 cannot write."""
    row = f"row {texts.index(error.object)}: " if error.object in texts else ""
    return UsageError(
        f"{row}a text has half a character (U+{ord(error.object[error.start]):04X}) at {error.start}, which UTF-8 cannot "
        "write; text.encode(errors='replace').decode() replaces it"
    )


def _of_records(records: list[Mapping[str, Any]]) -> Columns:
    """Return records as columns. Nested values need pyarrow, which knows their types."""
    names = list(dict.fromkeys(name for record in records for name in record))
    values = {str(name): [record.get(name) for record in records] for name in names}
    try:
        if (columns := Columns.of_values(list(values.items()))) is not None:
            return columns
    except UnicodeEncodeError as error:
        column = next((column for column in values.values() if error.object in column), [])
        raise _half_a_character(column, error) from None
    try:
        import pyarrow
    except ImportError:
        raise UsageError(
            "these dicts hold more than texts, numbers and truth values; pyarrow makes a table of them: pip install pyarrow"
        ) from None
    try:
        table = pyarrow.table(values)
    except pyarrow.ArrowException as error:
        raise UsageError(f"these dicts make no table: {error}") from error
    columns = Columns.of(table)
    assert columns is not None
    return columns


def spooled(data: Data, folder: Union[str, os.PathLike[str], None]) -> Data:
    """Return data that comes as a stream as a table in a temporary file, which takes no memory that the system cannot have back.

    Other data is returned as it is.
    """
    is_stream = hasattr(data, "read_next_batch") or type(data).__module__.partition(".")[0] in ("duckdb", "_duckdb")
    if not (is_stream and hasattr(data, "__arrow_c_stream__")):
        return data
    try:
        import pyarrow
    except ImportError:
        raise UsageError("a stream is kept in a file by pyarrow: pip install pyarrow") from None
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as made:
        # Once it is mapped, the file needs no name; it is gone with the table.
        path = os.path.join(made, "data.arrow")
        reader = pyarrow.RecordBatchReader.from_stream(data)
        with pyarrow.OSFile(path, "wb") as file, pyarrow.ipc.new_stream(file, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
        return pyarrow.ipc.open_stream(pyarrow.memory_map(path)).read_all()


def write_parquet(data: Data, folder: str, name: str) -> str:
    """Write data to a new file, batch by batch, and return its path."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError("a table is written to a folder by pyarrow: pip install pyarrow") from None
    stream = data if hasattr(data, "__arrow_c_stream__") else Table(columns_of(data))
    reader = pyarrow.RecordBatchReader.from_stream(stream)
    path = os.path.join(folder, f"{name}.parquet")
    with pyarrow.parquet.ParquetWriter(path, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
    return path
