"""Tables in and out."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from flong._errors import UsageError
from flong._flong import Columns

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


def _library(name: str) -> Any:
    """Return a library that is not needed otherwise."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise UsageError(f"this needs {name}: pip install {name}") from None


class Table:
    """A table of a result, as Arrow columns in memory.

    Any library that knows the Arrow PyCapsule interface takes it without a copy: ``pyarrow.table(t)``,
    ``polars.DataFrame(t)``, ``duckdb.sql("SELECT * FROM t")``.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._columns.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._columns.__arrow_c_schema__()

    @property
    def num_rows(self) -> int:
        """The number of rows."""
        return self._columns.num_rows

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""
        return self._columns.column_names

    def __len__(self) -> int:
        return self.num_rows

    def __repr__(self) -> str:
        return f"<flong.Table: {self.num_rows:,} rows of {', '.join(self.column_names)}>"

    def to_arrow(self) -> pyarrow.Table:
        """Return it as a ``pyarrow.Table``."""
        return _library("pyarrow").table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """Return it as a ``pandas.DataFrame``. It needs pyarrow."""
        _library("pandas")
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> polars.DataFrame:
        """Return it as a ``polars.DataFrame``."""
        frame: polars.DataFrame = _library("polars").DataFrame(self)
        return frame

    def to_pylist(self) -> list[dict[str, Any]]:
        """Return it as a list of dicts, one for each row."""
        rows = self._columns.dicts()
        if rows is not None:
            return rows
        # Values of other types, such as dates and lists.
        found: list[dict[str, Any]] = self.to_arrow().to_pylist()
        return found
