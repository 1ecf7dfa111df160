"""The stages by themselves, for those who build pipelines of their own. Arrays are NumPy's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flong import _flong
from flong._api import Names, options_of
from flong._data import Data, columns_of
from flong._errors import UsageError
from flong._table import Table

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        raise UsageError("this function needs NumPy: pip install numpy") from None
    return numpy


def _at_least_1(**given: int) -> None:
    """Refuse numbers of words, places and rows of which there is none."""
    for name, value in given.items():
        if value < 1:
            raise UsageError(f"{name} is at least 1")


@dataclass(frozen=True)
class Token:
    """A word of a text."""

    start: int
    """First character."""
    end: int
    """One past the last character."""
    text: str
    """The word as it is in the text."""
    hash: int
    """The hash of the word as it is compared: equal words have equal hashes, whatever their case, accents and form."""


def tokens(text: str) -> list[Token]:
    """Return the words of a text.

    >>> import flong
    >>> [token.text for token in flong.tokens("The ferry, aground?")]
    ['The', 'ferry', 'aground']
    """
    return [Token(start, end, text[start:end], value) for start, end, value in _flong.tokens(text)]


def shingles(text: str, width: int = 3) -> NDArray[numpy.uint64]:
    """Return the hashes of the runs of ``width`` consecutive words of a text, in order.

    >>> import flong
    >>> flong.shingles("the ferry ran aground again").shape
    (3,)
    """
    _at_least_1(width=width)
    found: NDArray[numpy.uint64] = _numpy().frombuffer(_flong.shingles(text, width), dtype="uint64")
    return found


def fingerprints(text: str, *, width: int = 3, window: int = 4, all_shingles: int = 24) -> NDArray[numpy.uint64]:
    """Return the fingerprints of a text, sorted: the shingles that winnowing keeps.

    Two texts that share a run of ``width + window - 1`` words share a fingerprint, however long they are. Of a text with at
    most ``all_shingles`` shingles all are kept.

    >>> import flong
    >>> len(flong.fingerprints("the ferry ran aground again"))
    3
    """
    _at_least_1(width=width, window=window)
    kept = _flong.fingerprints(text, width, window, all_shingles)
    found: NDArray[numpy.uint64] = _numpy().frombuffer(kept, dtype="uint64")
    return found


def signatures(data: Data, *, size: int = 96, width: int = 3, text: Names = None) -> NDArray[numpy.uint32]:
    """Return the MinHash signatures of texts over their shingles, a row for each.

    The share of places in which two rows agree estimates the Jaccard similarity of their texts' shingles.

    >>> import flong
    >>> flong.signatures(["the ferry ran aground", "maize prices rose again"], size=64).shape
    (2, 64)
    """
    _at_least_1(size=size, width=width)
    made = _flong.signatures(columns_of(data), options_of(text=text), size, width)
    found: NDArray[numpy.uint32] = _numpy().frombuffer(made, dtype="uint32").reshape(-1, size)
    return found


def band_keys(signatures: NDArray[numpy.uint32], *, bands: int = 32, rows: int = 3) -> NDArray[numpy.uint64]:
    """Return the keys of the bands of signatures, a row for each signature and a column for each band.

    Texts with an equal key in a column are candidates. A text without words has the key 0, which is no candidate.

    >>> import flong
    >>> keys = flong.band_keys(flong.signatures(["the ferry ran aground", "The ferry ran aground!"]))
    >>> bool((keys[0] == keys[1]).all())
    True
    """
    _at_least_1(bands=bands, rows=rows)
    array = _numpy().ascontiguousarray(signatures, dtype="uint32")
    if array.ndim != 2:
        raise UsageError("signatures are a matrix: a row for each text")
    made = _flong.band_keys(array.tobytes(), array.shape[1], bands, rows)
    found: NDArray[numpy.uint64] = _numpy().frombuffer(made, dtype="uint64").reshape(-1, bands)
    return found


def verify_pairs(data: Data, pairs: Iterable[Sequence[int]], *, text: Names = None, level: str | None = None) -> Table:
    """Decide which pairs of rows match, as :func:`find` does, and return those: their rows, the kind and the measures.

    >>> import flong
    >>> wire = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt at all."
    >>> flong.verify_pairs([wire, "Maize prices rose.", wire], [(0, 1), (0, 2)]).to_pylist()[0]["kind"]
    'exact'
    """
    wanted = []
    for pair in pairs:
        try:
            a, b = map(int, pair)
        except (TypeError, ValueError):
            raise UsageError(f"pairs are of two row numbers each; there is {pair!r} among them") from None
        if not 0 <= min(a, b) <= max(a, b) < 1 << 32:
            raise UsageError(f"there is no row {max(a, b) if a >= 0 <= b else min(a, b)}")
        wanted.append((a, b))
    found = _flong.verify_pairs(columns_of(data), wanted, options_of(text=text, level=level))
    return Table(found)
