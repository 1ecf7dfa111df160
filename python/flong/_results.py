"""What functions return."""

from __future__ import annotations

import json
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flong._errors import SkippedWarning
from flong._flong import CleanedIn, FoundIn
from flong._table import Table

if TYPE_CHECKING:
    import pandas
    import polars


class _Stream:
    """A result that is a table too."""

    def _main(self) -> Table:
        raise NotImplementedError

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._main().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> pandas.DataFrame:
        """Return the main table as a ``pandas.DataFrame``."""
        return self._main().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Return the main table as a ``polars.DataFrame``."""
        return self._main().to_polars()


class Result(_Stream):
    """What repeats. Its main table is that of the matches."""

    def __init__(self, found: FoundIn) -> None:
        self._found = found

    def _main(self) -> Table:
        return self.matches

    @cached_property
    def matches(self) -> Table:
        """Pairs of texts that match, in the order of their documents' ids."""
        return Table(self._found.matches())

    @cached_property
    def clusters(self) -> Table:
        """Clusters, a row for each member, the representative first."""
        return Table(self._found.clusters())

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Counts, problems and parameters, as ``summary.json`` of the command line has them."""
        return json.loads(self._found.summary())


class Cleaned(_Stream):
    """A table without its duplicates and boilerplate. Its main table is that one."""

    def __init__(self, cleaned: CleanedIn) -> None:
        self._cleaned = cleaned
        self.found = Result(cleaned.found())

    def _main(self) -> Table:
        return self.table

    @cached_property
    def table(self) -> Table:
        """The rows that stay, with their texts cleaned. All columns, their types and their order are as they were."""
        return Table(self._cleaned.table())

    @cached_property
    def dropped(self) -> Table:
        """The rows that do not stay: those that repeat others, and those whose text could not be read."""
        return Table(self._cleaned.dropped())

    @cached_property
    def ledger(self) -> Table:
        """Everything that was removed or marked, where and why."""
        return Table(self._cleaned.ledger())

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Counts, problems and parameters, as ``summary.json`` of the command line has them."""
        return json.loads(self._cleaned.summary())

    def restore(self) -> Table:
        """Return the table as it was before, from the rows that stay, those that do not, and the ledger."""
        return Table(self._cleaned.restore())
