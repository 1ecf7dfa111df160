"""What functions return."""

from __future__ import annotations

import json
import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, Union

from flong._flong import CleanedIn, Columns, FoundIn
from flong._table import Table

if TYPE_CHECKING:
    import pandas
    import polars


class _HasTable:
    """A result with a main table, which it is taken for."""

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


class Result(_HasTable):
    """What repeats in a corpus. It can be taken for the table of its matches.

    Offsets in its tables are bytes of the text as UTF-8, as in the files of the command line.
    """

    def __init__(self, found: FoundIn) -> None:
        self._found = found

    def _main(self) -> Table:
        return self.matches

    @cached_property
    def matches(self) -> Table:
        """Pairs of texts that match, a row each: the two texts, the kind of the match and its measures.

        ``a`` and ``b`` are ids, ``a_row`` and ``b_row`` are row numbers of the table (paths have none), the others are offsets
        of the pieces that match. ``cluster`` is the cluster that holds both; ``source`` is the one of the two, ``a`` or ``b``, that
        is likely the source of the other, and ``source_by`` says what shows it.
        """
        return Table(self._found.matches())

    @cached_property
    def clusters(self) -> Table:
        """Clusters: a row for each member, the representative first."""
        return Table(self._found.clusters())

    @cached_property
    def seen(self) -> Table | None:
        """The documents that an index has seen before, a row each: by which rule, and why. None if none was asked."""
        seen = self._found.seen()
        return None if seen is None else Table(seen)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Counts, problems and parameters, as ``summary.json`` of the command line has them."""
        summary: dict[str, Any] = json.loads(self._found.summary())
        return summary

    def __repr__(self) -> str:
        counts = self.summary
        repeating = sum(counts["repeats"].get("document", {}).values())
        return f"<flong.Result: {counts['documents']:,} documents, {repeating:,} of them repeating others>"

    def _repr_html_(self) -> str:
        from flong._html import result

        return result(self)


class Cleaned(_HasTable):
    """A table without its duplicates and boilerplate. It can be taken for the cleaned table."""

    def __init__(self, cleaned: CleanedIn) -> None:
        self._cleaned = cleaned

    def _main(self) -> Table:
        return self.table

    @cached_property
    def table(self) -> Table:
        """The rows that stay, with their texts cleaned. All columns, their types and their order are as they were."""
        return Table(self._cleaned.table())

    @cached_property
    def dropped(self) -> Table:
        """The rows that do not stay, as they were: those that repeat others, and those whose text cannot be read."""
        return Table(self._cleaned.dropped())

    @cached_property
    def ledger(self) -> Table:
        """Everything that was removed or marked: where, by which rule, and why."""
        return Table(self._cleaned.ledger())

    @cached_property
    def found(self) -> Result:
        """What repeats."""
        return Result(self._cleaned.found())

    @property
    def summary(self) -> dict[str, Any]:
        """Counts, problems and parameters, as ``summary.json`` of the command line has them."""
        return self.found.summary

    def restore(self) -> Table:
        """Return the table as it was before: from the rows that stay, those that do not, and the ledger."""
        return Table(self._cleaned.restore())

    def __repr__(self) -> str:
        return f"<flong.Cleaned: {_counts(self.summary)}>"

    def _repr_html_(self) -> str:
        from flong._html import cleaned

        return cleaned(self)


class CleanedFiles:
    """Files that were cleaned into a folder."""

    def __init__(self, found: FoundIn, out: str) -> None:
        #: The folder.
        self.out = out
        #: What repeats.
        self.found = Result(found)

    @property
    def summary(self) -> dict[str, Any]:
        """Counts, problems and parameters, as in the folder's ``summary.json``."""
        return self.found.summary

    def restore(self, out: Union[str, os.PathLike[str]], *, force: bool = False) -> list[str]:
        """Restore the originals into a new folder, byte for byte, and return the names of the files."""
        from flong._api import restore

        return restore(self.out, out=out, force=force)

    def __repr__(self) -> str:
        return f"<flong.CleanedFiles: {self.out}: {_counts(self.summary)}>"


def _counts(summary: dict[str, Any]) -> str:
    cleaned = summary["cleaned"]
    stay = cleaned["kept"] + cleaned["edited"]
    dropped, edited = cleaned["dropped"], cleaned["edited"]
    return f"{summary['documents']:,} documents in, {stay:,} out: {dropped:,} dropped, {edited:,} with pieces removed"


class Checked(_HasTable):
    """What is wrong with a corpus. It can be taken for the table of its findings."""

    def __init__(self, findings: Columns, found: FoundIn) -> None:
        #: The findings, in the order of rows or of paths and lines: the rule, the severity, where, and a message.
        self.findings = Table(findings)
        #: What repeats.
        self.found = Result(found)
        self._fails = findings.any("fails")

    def _main(self) -> Table:
        return self.findings

    @property
    def ok(self) -> bool:
        """Whether nothing is as grave as ``fail_on``."""
        return not self._fails

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        word = "passed" if self.ok else "failed"
        return f"<flong.Checked: {word}, {self.findings.num_rows:,} findings>"
