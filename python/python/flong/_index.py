"""The index of what has been seen."""

from __future__ import annotations

import json
import os
from typing import Any, Union

from flong import _flong
from flong._api import Level, Names, options_of
from flong._data import Data, columns_of
from flong._progress import Progress, watcher
from flong._table import Table


class Index:
    """A file of the documents that were seen, which can be asked about others. The command ``flong index`` reads it too.

    >>> import flong, tempfile, os
    >>> wire = "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt at all."
    >>> folder = tempfile.TemporaryDirectory()
    >>> index = flong.Index(os.path.join(folder.name, "seen"))
    >>> index.add([{"id": "wire", "text": wire}])
    1
    >>> index.query([{"id": "reprint", "text": wire}]).to_pylist()[0]["item"]
    'wire'
    >>> len(index)
    1
    >>> folder.cleanup()
    """

    def __init__(self, path: Union[str, os.PathLike[str]], *, keep_text: bool = True) -> None:
        """Name an index. The file is made when something is added.

        Args:
            path: The file.
            keep_text: Whether a new index keeps texts. Without them it is smaller, and matches are estimated.
        """
        self.path = os.fspath(path)
        self._keep_text = keep_text

    def add(
        self,
        data: Data,
        *,
        text: Names = None,
        id: Names = None,
        source: Names = None,
        date: Names = None,
        title: Names = None,
        url: Names = None,
        threads: int | None = None,
        progress: Progress = None,
    ) -> int:
        """Add documents, and return how many are new. Those that are there, the same in all, are not added again."""
        options = options_of(text=text, id=id, source=source, date=date, title=title, url=url, threads=threads)
        added, _ = _flong.index_add(self.path, columns_of(data), self._keep_text, options, watcher(progress))
        return added

    def query(
        self,
        data: Data,
        *,
        text: Names = None,
        id: Names = None,
        source: Names = None,
        date: Names = None,
        title: Names = None,
        url: Names = None,
        level: Level | None = None,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Table:
        """Return which items of the index documents match: a row for each match."""
        options = options_of(
            text=text, id=id, source=source, date=date, title=title, url=url, level=level, threads=threads
        )
        return Table(_flong.index_query(self.path, columns_of(data), options, watcher(progress)))

    def info(self) -> dict[str, Any]:
        """Return what is in the index: its items, sources, parameters and size."""
        info: dict[str, Any] = json.loads(_flong.index_info(self.path, False))
        return info

    def check(self) -> dict[str, Any]:
        """Read the whole index, and return what is in it. Damage raises :class:`DamagedError`."""
        info: dict[str, Any] = json.loads(_flong.index_info(self.path, True))
        return info

    def expire(self, *, days: int) -> int:
        """Remove items that are older than some days, and return how many were removed."""
        return _flong.index_expire(self.path, days)

    def __len__(self) -> int:
        return int(self.info()["items"])

    def __repr__(self) -> str:
        return f"flong.Index({self.path!r})"
