"""How a run tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Union

from flong._errors import UsageError

#: What ``progress`` takes: True for a bar of tqdm, or a function of the stage, the documents done in it, and the documents in all
#: (0 where that is not known).
Progress = Union[bool, Callable[[str, int, int], object], None]


def watcher(progress: Progress) -> Callable[[str, int, int], object] | None:
    """Return the function that is told of the progress."""
    if progress is None or progress is False:
        return None
    if progress is True:
        return _Bar()
    if not callable(progress):
        raise UsageError("progress is True, or a function of the stage, the documents done in it and the documents in all")
    return progress


class _Bar:
    """A bar of tqdm, which begins anew with each stage."""

    def __init__(self) -> None:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            raise UsageError("progress=True needs tqdm: pip install tqdm") from None
        self._bar: Any = tqdm(unit=" documents", desc="flong", leave=False)

    def __call__(self, stage: str, done: int, total: int) -> None:
        bar = self._bar
        if stage == "done":
            bar.close()
            return
        if bar.desc != stage:
            bar.reset(total or None)
            bar.set_description_str(stage, refresh=False)
        bar.total = total or None
        bar.n = done
        bar.refresh()

    def __del__(self) -> None:
        bar = getattr(self, "_bar", None)
        if bar is not None:
            bar.close()
