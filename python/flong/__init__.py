"""Finds near-duplicates and boilerplate in syndicated text, and takes them out so that they can be put back."""

from flong._api import clean, find
from flong._errors import DamagedError, FileError, FlongError, SkippedWarning, UnreadableError, UsageError
from flong._results import Cleaned, Result
from flong._table import Table

__all__ = [
    "Cleaned",
    "DamagedError",
    "FileError",
    "FlongError",
    "Result",
    "SkippedWarning",
    "Table",
    "UnreadableError",
    "UsageError",
    "clean",
    "find",
]
