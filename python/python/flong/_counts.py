"""What a corpus as a whole says of its documents, counted in parts."""

from __future__ import annotations

import warnings

from flong import _flong
from flong._api import Names, Path, options_of
from flong._data import Data, columns_of
from flong._errors import SkippedWarning
from flong._texts import Removed, Stripped


class Counts:
    """How often words, phrases and lines occur in some documents: sums, which machines make of parts of a corpus and merge.

    Counting takes two rounds over the same documents, since lines can only be counted in little room once it is known which
    of their pieces are frequent:

    >>> import flong
    >>> reports = [
    ...     "The ferry ran aground.", "Maize prices rose again on Monday.", "Four pupils are left at the school of Hollin.",
    ...     "Rain delayed the cup final by two hours.", "Divers inspected the third pier of the bridge.", "No wool was sold at the fair.",
    ... ]
    >>> texts = [report + "\\n\\nPrinted on our own press." for report in reports]
    >>> def count(first=None):
    ...     sum = flong.Counts(first)
    ...     for start in (0, 3):
    ...         counts = flong.Counts(first)                            # on any machine
    ...         counts.observe(texts[start : start + 3], start=start)
    ...         sum.merge(flong.Counts.from_bytes(counts.to_bytes()))   # sent to another
    ...     return flong.Knowledge.from_counts(sum)
    >>> knowledge = count(first=count())
    >>> knowledge.strip(texts)[0].text
    'The ferry ran aground.'

    Args:
        first: What the first round gave: these counts are of the second then.
    """

    def __init__(self, first: Knowledge | None = None) -> None:
        self._counts = _flong.CountsIn(None if first is None else first._known)

    @property
    def round(self) -> int:
        """1 or 2."""
        return self._counts.round

    def observe(
        self,
        data: Data,
        *,
        start: int = 0,
        text: Names = None,
        source: Names = None,
        title: Names = None,
        url: Names = None,
        max_record: int | str | None = None,
    ) -> None:
        """Count documents: once in each round. Rows without a text are skipped with a warning.

        Args:
            data: A table or a list, as of :func:`find`.
            start: The number of the first row among all of the corpus. A row has the same number in both rounds.
            text: As of :func:`find`, as are all arguments that are not listed here.
        """
        options = options_of(text=text, source=source, title=title, url=url, max_record=max_record)
        skipped = self._counts.observe(columns_of(data), start, options)
        if skipped:
            warnings.warn(f"{skipped:,} skipped: without a text they are not counted", SkippedWarning, stacklevel=2)

    def merge(self, other: Counts) -> None:
        """Add the counts of other documents in the same round, in any order."""
        self._counts.merge(other._counts)

    def to_bytes(self) -> bytes:
        """Return the counts as bytes, to be sent or kept. Equal counts of the second round have equal bytes."""
        return self._counts.to_bytes()

    @staticmethod
    def from_bytes(data: bytes) -> Counts:
        """Read counts. Those of the second round are then for :meth:`merge`, into counts that began with the first."""
        counts = Counts.__new__(Counts)
        counts._counts = _flong.CountsIn.from_bytes(data)
        return counts

    def __repr__(self) -> str:
        return f"<flong.Counts of round {self.round}>"


class Knowledge:
    """What is known of a corpus once all its documents are counted. It cannot be changed. See :class:`Counts`."""

    _known: _flong.KnowledgeIn

    def __init__(self) -> None:
        raise TypeError("knowledge comes from Knowledge.from_counts(counts) or Knowledge.from_bytes(data)")

    @staticmethod
    def _of(known: _flong.KnowledgeIn) -> Knowledge:
        knowledge = Knowledge.__new__(Knowledge)
        knowledge._known = known
        return knowledge

    @staticmethod
    def from_counts(counts: Counts) -> Knowledge:
        """Return what the counts of all documents say: after the first round what the second needs, after both the whole."""
        return Knowledge._of(counts._counts.know())

    @property
    def round(self) -> int:
        """The last round that was counted: 1 or 2."""
        return self._known.round

    def strip(
        self,
        data: Data,
        *,
        text: Names = None,
        source: Names = None,
        title: Names = None,
        url: Names = None,
        max_record: int | str | None = None,
        config: Path | None = None,
    ) -> list[Stripped | None]:
        """Remove boilerplate from documents of the corpus: what :func:`strip` removes, and what only a corpus can show.

        That is the boilerplate that :func:`clean` removes. Of a text that it would drop as empty nothing is left. A row without
        a text gives None. See :class:`Counts` for an example.
        """
        options = options_of(text=text, source=source, title=title, url=url, max_record=max_record, config=config)
        stripped = self._known.strip(columns_of(data), options)
        return [row and Stripped(row[0], [Removed(*piece) for piece in row[1]]) for row in stripped]

    def to_bytes(self) -> bytes:
        """Return it as bytes, to be sent or kept."""
        return self._known.to_bytes()

    @staticmethod
    def from_bytes(data: bytes) -> Knowledge:
        """Read what :meth:`to_bytes` returned."""
        return Knowledge._of(_flong.KnowledgeIn.from_bytes(data))

    def __repr__(self) -> str:
        return f"<flong.Knowledge after round {self.round}>"
