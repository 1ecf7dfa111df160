"""The exceptions of flong."""

from __future__ import annotations

from typing import Any


class FlongError(Exception):
    """Anything that flong refuses or cannot do. The message says what happened, where, and what to do about it."""


class UsageError(FlongError, ValueError):
    """An argument makes no sense: a column that is not there, a value that is not known, data of another kind."""


class FileError(FlongError, OSError):
    """A file or folder could not be read or written.

    ``errno`` and ``filename`` say which and why, as they do of any ``OSError``.
    """

    def __init__(self, errno: int | None, message: str, filename: Any) -> None:
        super().__init__(errno, message, filename)
        self._message = message

    def __str__(self) -> str:
        return self._message


class DamagedError(FlongError):
    """A file that flong wrote earlier is damaged, or is not what it should be."""


class UnreadableError(FlongError):
    """A record could not be read, and ``strict`` forbids to skip it."""


class FlongWarning(UserWarning):
    """Something that people should know and that does not stop a run."""


class SkippedWarning(FlongWarning):
    """Records were skipped, because they could not be read."""
