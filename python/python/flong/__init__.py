"""Finds near-duplicates and boilerplate in syndicated text, and takes them out so that they can be put back.

:func:`find` reports what repeats, :func:`clean` removes it, :func:`check` reports what is wrong: of any table with the Arrow
PyCapsule interface, of lists, and of files. :func:`strip`, :func:`compare` and :func:`explain` answer about one text or two,
and :class:`Index` keeps what has been seen. :func:`tokens`, :func:`shingles`, :func:`fingerprints`, :func:`signatures`,
:func:`band_keys` and :func:`verify_pairs` are the stages, for pipelines of your own; :class:`Counts` and :class:`Knowledge` say
what a corpus as a whole shows.

The same input and options give the same result as the command line, which this package installs as ``flong``.
"""

import atexit

from flong import _flong
from flong._api import check, clean, find, restore
from flong._counts import Counts, Knowledge
from flong._errors import (
    DamagedError,
    FileError,
    FlongError,
    FlongWarning,
    SkippedWarning,
    UnreadableError,
    UsageError,
)
from flong._flong import __version__
from flong._index import Index
from flong._results import Checked, Cleaned, CleanedFiles, Result
from flong._stages import Token, band_keys, fingerprints, shingles, signatures, tokens, verify_pairs
from flong._table import Table
from flong._texts import (
    Boilerplate,
    Change,
    Comparison,
    Criterion,
    Explanation,
    Removed,
    Shared,
    Stripped,
    Way,
    compare,
    explain,
    strip,
)

# What an interrupted run has not removed yet goes with the interpreter.
atexit.register(_flong.end)

__all__ = [
    "Boilerplate",
    "Change",
    "Checked",
    "Cleaned",
    "CleanedFiles",
    "Comparison",
    "Counts",
    "Criterion",
    "DamagedError",
    "Explanation",
    "FileError",
    "FlongError",
    "FlongWarning",
    "Index",
    "Knowledge",
    "Removed",
    "Result",
    "Shared",
    "SkippedWarning",
    "Stripped",
    "Table",
    "Token",
    "UnreadableError",
    "UsageError",
    "Way",
    "__version__",
    "band_keys",
    "check",
    "clean",
    "compare",
    "explain",
    "find",
    "fingerprints",
    "restore",
    "shingles",
    "signatures",
    "strip",
    "tokens",
    "verify_pairs",
]
