"""The functions of flong on a corpus."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Sequence
from typing import Any, Literal, Union

from flong import _flong
from flong._data import Data, columns_of, paths_of
from flong._errors import SkippedWarning, UsageError
from flong._progress import Progress, watcher
from flong._results import Cleaned, Result

Level = Literal["exact", "near", "reworded"]
Grain = Literal["document", "paragraph", "sentence"]
Names = Union[str, Sequence[str], None]


def _options(**given: Any) -> str:
    """Return the options that are given, as the extension takes them."""
    for name in ("grain", "only", "ignore"):
        if isinstance(given.get(name), str):
            given[name] = [given[name]]
    for name in ("text", "id", "source", "date", "title", "url"):
        given[f"{name}_field"] = given.pop(name, None)
    if isinstance(given.get("config"), os.PathLike):
        given["config"] = os.fspath(given["config"])
    return json.dumps({name: value for name, value in given.items() if value is not None})


def _warn(problems: list[str]) -> None:
    """Warn of the records that were skipped."""
    if problems:
        more = f" … and {len(problems) - 1:,} more" if len(problems) > 1 else ""
        warnings.warn(f"{len(problems):,} skipped: {problems[0]}{more}", SkippedWarning, stacklevel=3)


def find(
    data: Data,
    *,
    text: Names = None,
    id: Names = None,
    source: Names = None,
    date: Names = None,
    title: Names = None,
    url: Names = None,
    level: Level | None = None,
    grain: Grain | Sequence[Grain] | None = None,
    keep: str | None = None,
    threads: int | None = None,
    config: str | os.PathLike[str] | None = None,
    strict: bool = False,
    max_record: int | None = None,
    progress: Progress = None,
) -> Result:
    """Find what repeats in a corpus, and change nothing.

    >>> import flong
    >>> wire = (
    ...     "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the harbour "
    ...     "master told reporters, and divers will inspect the hull before the vessel is towed to the yard."
    ... )
    >>> result = flong.find([wire, "By Our Reporter, Aldermoor\\n\\n" + wire], grain="document")
    >>> result.matches.num_rows
    1
    """
    options = _options(
        text=text, id=id, source=source, date=date, title=title, url=url, level=level, grain=grain, keep=keep,
        threads=threads, config=config, strict=strict, max_record=max_record,
    )
    found = _flong.find_in_table(columns_of(data), options, watcher(progress))
    _warn(found.problems())
    return Result(found)


def clean(
    data: Data,
    *,
    text: Names = None,
    id: Names = None,
    source: Names = None,
    date: Names = None,
    title: Names = None,
    url: Names = None,
    level: Level | None = None,
    grain: Grain | Sequence[Grain] | None = None,
    keep: str | None = None,
    remove: Level | None = None,
    drop: str | None = None,
    only: str | Sequence[str] | None = None,
    ignore: str | Sequence[str] | None = None,
    mark: bool = False,
    threads: int | None = None,
    config: str | os.PathLike[str] | None = None,
    strict: bool = False,
    max_record: int | None = None,
    progress: Progress = None,
) -> Cleaned:
    """Clean a corpus."""
    options = _options(
        text=text, id=id, source=source, date=date, title=title, url=url, level=level, grain=grain, keep=keep,
        remove=remove, drop=drop, only=only, ignore=ignore, mark=mark, threads=threads, config=config, strict=strict,
        max_record=max_record,
    )
    cleaned = _flong.clean_table(columns_of(data), options, watcher(progress))
    _warn(cleaned.found().problems())
    return Cleaned(cleaned)
