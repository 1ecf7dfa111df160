"""flong in datatrove: three steps, as datatrove's own deduplication has them.

Write what tasks read, find what repeats in all of it, and let the same tasks read again what they keep::

    LocalPipelineExecutor([JsonlReader("news/"), FlongWriter("seen/")], tasks=64).run()
    LocalPipelineExecutor([FlongClean("seen/", "cleaned/", memory="64G")], tasks=1).run()
    LocalPipelineExecutor([JsonlReader("news/"), FlongFilter("cleaned/"), JsonlWriter("news-clean/")], tasks=64).run()

The folders are ones that all tasks reach. The second step runs in one process, which works on disk where memory is not enough.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.writers.disk_base import DiskWriter

from flong._api import clean
from flong._errors import UsageError

__all__ = ["FlongClean", "FlongFilter", "FlongWriter"]

#: The field that numbers the documents of a task.
_NUMBER = "flong_number"


def _name(rank: int) -> str:
    """Return the name of the file of a task."""
    return f"{rank:05d}.jsonl"


class FlongWriter(PipelineStep):  # type: ignore[misc]
    """Writes the documents of each task to a file of a folder, for :class:`FlongClean`, and passes them on.

    Args:
        folder: New folder, or an empty one.
        metadata: The entries of the metadata that are written too. The names that flong knows tell it the source, the date, the
            title and the address.
    """

    type = "🫂 - DEDUP"
    name = "flong: write what is read"

    def __init__(self, folder: str, metadata: tuple[str, ...] = ("source", "domain", "url", "date", "title")) -> None:
        super().__init__()
        self.folder, self.metadata = Path(folder), metadata

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Write the documents of a task."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _name(rank)).open("w", encoding="utf8") as file:
            for number, document in enumerate(data):
                known = {name: document.metadata[name] for name in self.metadata if name in document.metadata}
                row = {"id": document.id, "text": document.text, **known, _NUMBER: number}
                file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
                self.stat_update("written")
                yield document


class FlongClean(PipelineStep):  # type: ignore[misc]
    """Cleans what :class:`FlongWriter` wrote, as :func:`flong.clean` does. It runs in one task.

    Args:
        folder: The folder that was written.
        out: Folder to write the cleaned documents, the ledger and the other outputs into.
        options: As of :func:`flong.clean`.
    """

    type = "🫂 - DEDUP"
    name = "flong: find what repeats"

    def __init__(self, folder: str, out: str, **options: Any) -> None:
        super().__init__()
        self.folder, self.out, self.options = Path(folder), out, options

    def run(self, data: Iterable[Document] | None = None, rank: int = 0, world_size: int = 1) -> None:
        """Clean all that was written."""
        if world_size > 1:
            raise UsageError("FlongClean sees all documents: run it with tasks=1")
        files = sorted(self.folder.glob("*.jsonl"))
        if not files:
            raise UsageError(f"{self.folder} has no files: run FlongWriter on it first")
        with self.track_time():
            cleaned = clean(files, out=self.out, **self.options)
        for name, count in cleaned.summary["cleaned"].items():
            self.stat_update(name, value=count)


class FlongFilter(BaseFilter):  # type: ignore[misc]
    """Drops the documents that :class:`FlongClean` dropped, and gives the others their cleaned texts.

    Tasks must be as many as when the documents were written, and read the same.

    Args:
        out: The folder of the cleaned documents.
        exclusion_writer: Writer for the documents that are dropped.
    """

    name = "flong: keep one of each"

    def __init__(self, out: str, exclusion_writer: DiskWriter | None = None) -> None:
        super().__init__()
        self.exclusion_writer = exclusion_writer
        self.out = Path(out)

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Filter the documents of a task."""
        # Of one file alone there is no folder.
        paths = [self.out / "documents.jsonl"] if world_size == 1 else list(self.out.glob(f"documents/**/{_name(rank)}"))
        if not (paths and paths[0].exists()):
            raise UsageError(f"{self.out} has no documents of task {rank}: run FlongClean, with as many tasks before and after it")
        with paths[0].open(encoding="utf8") as file:
            self.kept = map(json.loads, file)
            self.number, self.next = 0, next(self.kept, None)
            yield from super().run(data, rank, world_size)
            if self.next is not None:
                raise self.other()

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Return whether a document is kept, which has its cleaned text then. They come in the order in which they were written."""
        number, self.number = self.number, self.number + 1
        if self.next is None or self.next[_NUMBER] > number:
            return False, "repeated"
        if self.next["id"] != doc.id:
            raise self.other()
        doc.text = self.next["text"]
        self.next = next(self.kept, None)
        return True

    def other(self) -> UsageError:
        """Return the error about documents that are not those which were written."""
        return UsageError(f"this task reads other documents than those that were written for {self.out}: use the same reader and tasks")
