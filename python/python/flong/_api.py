"""The functions of flong on a corpus."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Union, overload

from flong import _flong
from flong._data import Data, columns_of, paths_of, spooled, write_parquet
from flong._errors import SkippedWarning, UsageError
from flong._progress import Progress, watcher
from flong._results import Checked, Cleaned, CleanedFiles, Result

if TYPE_CHECKING:
    from typing_extensions import Unpack

Level = Literal["exact", "near", "reworded"]
Grain = Literal["document", "paragraph", "sentence"]
Names = Union[str, Sequence[str], None]
Path = Union[str, "os.PathLike[str]"]

#: Options whose value may be one item of a list.
_LISTS = ("grain", "only", "ignore")
#: Columns, which settings call fields.
_FIELDS = ("text", "id", "source", "date", "title", "url")


def options_of(**given: Any) -> str:
    """Return the options that are given, as the extension takes them."""
    options: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or value is False:
            continue
        if isinstance(value, os.PathLike):
            value = os.fspath(value)
        if name in _LISTS and isinstance(value, str):
            value = [value]
        elif isinstance(value, (tuple, set, frozenset)):
            value = list(value)
        options[f"{name}_field" if name in _FIELDS else name] = value
    try:
        return json.dumps(options)
    except TypeError as error:
        raise UsageError(f"an option has a value of the wrong type: {error}") from None


def _warn(found: _flong.FoundIn) -> None:
    """Warn of the records that were skipped, at the line that called a function of the package."""
    skipped = found.skipped()
    if skipped:
        more = f"; … and {len(skipped) - 1:,} more" if len(skipped) > 1 else ""
        warnings.warn(f"{len(skipped):,} skipped: {skipped[0]}{more}", SkippedWarning, stacklevel=3)


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
    only: str | Sequence[str] | None = None,
    ignore: str | Sequence[str] | None = None,
    against: Data | None = None,
    index: Path | None = None,
    out: Path | None = None,
    force: bool = False,
    threads: int | None = None,
    memory: int | str | None = None,
    temp_dir: Path | None = None,
    config: Path | None = None,
    isolated: bool = False,
    strict: bool = False,
    max_record: int | str | None = None,
    progress: Progress = None,
) -> Result:
    """Find what repeats in a corpus. Nothing is changed.

    >>> import flong
    >>> wire = (
    ...     "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the harbour "
    ...     "master told reporters, and divers will inspect the hull before the vessel is towed to the yard."
    ... )
    >>> result = flong.find([wire, "By Our Reporter, Aldermoor\\n\\n" + wire], grain="document")
    >>> [(match["a_row"], match["b_row"], match["kind"]) for match in result.matches.to_pylist()]
    [(0, 1, 'near')]

    Args:
        data: A table (anything with the Arrow PyCapsule interface: pyarrow, polars, pandas 3, DuckDB, Hugging Face
            datasets), a list of texts or of dicts, or paths: files, folders and globs that the command line reads. A
            string is a path; a list of strings is a list of texts.
        text: Column that holds the text, or several names of which the first that is there counts. A dot steps into a
            structure. By default one of ``text``, ``content``, ``body``, ``raw_content``, ``article``, ``maintext``.
        id: Column that holds the id. By default ``id``, ``guid`` and others, or else the number of the row.
        source: Column that names the site or feed. By default ``source``, ``domain`` and others, or else the host of the
            address.
        date: Column that holds the date.
        title: Column that holds the headline.
        url: Column that holds the address.
        level: How far a match may be from a copy: ``exact``, ``near`` or ``reworded`` (the default); each includes the ones
            before it.
        grain: What to compare; ``document`` and ``paragraph`` by default.
        keep: Which copy leads a cluster: ``earliest`` (the default), ``latest``, ``longest``, ``first``,
            ``source:NAME,NAME,…`` or ``field:NAME``.
        only: Report only matches by these rules, such as ``FL101``; ``FL1`` is all that begin with it.
        ignore: Leave these rules out.
        against: A second corpus of the same kind to compare with. Matches that are only in it are not reported.
        index: Index of what has been seen (see :class:`Index`), which is asked about each document: see
            :attr:`Result.seen`.
        out: Of paths: folder to write ``matches.jsonl``, ``clusters.jsonl`` and ``summary.json`` into.
        force: Replace that folder if it is an earlier output of flong.
        threads: Threads to use; all by default. The result is the same.
        memory: Memory for the whole run, in bytes or as ``4G``: what does not fit goes to temporary files, and the result is
            the same. A stream (a ``RecordBatchReader``, a relation of DuckDB) then goes to a temporary file, batch by batch. By
            default what the machine has left, less a fifth; of a table, whose texts are in memory already, twice as much as they
            take at most, and temporary files.
        temp_dir: Folder for temporary files; the system's by default.
        config: Settings to read, a ``flong.toml``. Of paths one is looked for, as the command line does.
        isolated: Look for no ``flong.toml``.
        strict: Raise an error at the first record that cannot be read, instead of skipping it with a warning.
        max_record: Longest text that is read, in bytes or as ``512M``; ``256M`` by default.
        progress: True for a bar of tqdm, or a function that is called with the stage, the documents done in it and the
            documents in all.
    """
    options = options_of(
        text=text, id=id, source=source, date=date, title=title, url=url, level=level, grain=grain, keep=keep, only=only,
        ignore=ignore, index=index, out=out, force=force, threads=threads, memory=memory, temp_dir=temp_dir, config=config,
        isolated=isolated, strict=strict, max_record=max_record,
    )
    paths = paths_of(data)
    if paths is not None:
        others = [] if against is None else paths_of(against)
        if others is None:
            raise UsageError("paths are compared with paths: against= is a table or a list here")
        found = _flong.find_in_files(paths, others, options, watcher(progress))
    else:
        if out is not None:
            raise UsageError("out= is for paths; of a table, the result is in memory: see its tables")
        new, old = _tables(data, against, memory, temp_dir)
        found = _flong.find_in_table(new, old, options, watcher(progress))
    _warn(found)
    return Result(found)


class _CleanOptions(TypedDict, total=False):
    """The options of :func:`clean` beside ``out``, on which depends what it returns."""

    text: Names
    id: Names
    source: Names
    date: Names
    title: Names
    url: Names
    level: Level | None
    grain: Grain | Sequence[Grain] | None
    keep: str | None
    remove: Level | None
    drop: str | None
    only: str | Sequence[str] | None
    ignore: str | Sequence[str] | None
    against: Data | None
    index: Path | None
    update: bool
    mark: bool
    force: bool
    allow_empty: bool
    threads: int | None
    config: Path | None
    isolated: bool
    strict: bool
    max_record: int | str | None
    memory: int | str | None
    temp_dir: Path | None
    progress: Progress


@overload
def clean(data: Data, *, out: None = None, **options: Unpack[_CleanOptions]) -> Cleaned: ...
@overload
def clean(data: Data, *, out: Path, **options: Unpack[_CleanOptions]) -> CleanedFiles: ...
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
    against: Data | None = None,
    index: Path | None = None,
    update: bool = False,
    mark: bool = False,
    out: Path | None = None,
    force: bool = False,
    allow_empty: bool = False,
    threads: int | None = None,
    memory: int | str | None = None,
    temp_dir: Path | None = None,
    config: Path | None = None,
    isolated: bool = False,
    strict: bool = False,
    max_record: int | str | None = None,
    progress: Progress = None,
) -> Cleaned | CleanedFiles:
    """Remove duplicates and boilerplate from a corpus, so that they can be put back.

    >>> import flong
    >>> wire = (
    ...     "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the harbour "
    ...     "master told reporters, and divers will inspect the hull before the vessel is towed to the yard."
    ... )
    >>> cleaned = flong.clean([
    ...     {"id": "wire", "text": wire},
    ...     {"id": "reprint", "text": "By Our Reporter, Aldermoor\\n\\n" + wire},
    ...     {"id": "other", "text": "Maize prices rose.\\n\\nREAD ALSO: Ferry Runs Aground\\n\\nBeans did not."},
    ... ])
    >>> cleaned.table.to_pylist()[1]
    {'id': 'other', 'text': 'Maize prices rose.\\n\\nBeans did not.'}
    >>> [line["text"] for line in cleaned.ledger.to_pylist() if line["document"] == "other"]
    ['READ ALSO: Ferry Runs Aground']
    >>> cleaned.restore().num_rows
    3

    Args:
        data: As of :func:`find`. Paths need ``out``.
        text: As of :func:`find`, as are all arguments that are not listed here.
        keep: Which copy is kept.
        remove: How close a duplicate must be to be removed; looser matches are marked. ``near`` by default.
        drop: What may be dropped: ``duplicates`` (the default), ``all`` (the kept copy too) or ``from:NAME``, a source.
        only: Follow only these rules, such as ``FL201``; ``FL2`` is all that begin with it.
        ignore: Leave these rules out.
        against: A second corpus of the same kind: what repeats it is dropped too. It is not part of the result.
        index: Index of what has been seen (see :class:`Index`): what repeats it is dropped.
        update: Add what is kept to the index.
        mark: Record what would be removed, and remove nothing.
        out: Folder to write the cleaned corpus, the ledger and the other outputs into, as the command line does. A table is
            written as Parquet, batch by batch, so that a stream (a ``RecordBatchReader``) may be larger than memory.
        force: Replace that folder if it is an earlier output of flong.
        allow_empty: Replace that folder even if no document is left.

    Returns:
        A :class:`Cleaned` with the cleaned table, or with ``out`` a :class:`CleanedFiles`.
    """
    options = options_of(
        text=text, id=id, source=source, date=date, title=title, url=url, level=level, grain=grain, keep=keep,
        remove=remove, drop=drop, only=only, ignore=ignore, index=index, update=update, mark=mark, out=out, force=force,
        allow_empty=allow_empty, threads=threads, memory=memory, temp_dir=temp_dir, config=config, isolated=isolated,
        strict=strict, max_record=max_record,
    )
    if update and index is None:
        raise UsageError("update= is of an index: name it with index=")
    paths = paths_of(data)
    if paths is not None and out is None:
        raise UsageError("paths are cleaned into a folder: name it with out=")
    if out is not None:
        with tempfile.TemporaryDirectory(dir=temp_dir) as folder:
            # What is no file becomes one, batch by batch: it may be larger than memory.
            new = [write_parquet(data, folder, "data")] if paths is None else paths
            old = _old_paths(against, folder)
            found = _flong.clean_files(new, old, options, watcher(progress))
        _warn(found)
        return CleanedFiles(found, os.fspath(out))
    table, others = _tables(data, against, memory, temp_dir)
    cleaned = _flong.clean_table(table, others, options, watcher(progress))
    _warn(cleaned.found())
    return Cleaned(cleaned)


def _tables(
    data: Data, against: Data | None, memory: int | str | None, temp_dir: Path | None
) -> tuple[_flong.Columns, _flong.Columns | None]:
    """Return data and what it is compared with as columns. Where memory is bounded, streams go to files."""
    if memory is not None:
        data, against = spooled(data, temp_dir), spooled(against, temp_dir)
    return columns_of(data), None if against is None else columns_of(against)


def _old_paths(against: Data | None, folder: str) -> list[str]:
    if against is None:
        return []
    paths = paths_of(against)
    return [write_parquet(against, folder, "against")] if paths is None else paths


def check(
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
    only: str | Sequence[str] | None = None,
    ignore: str | Sequence[str] | None = None,
    against: Data | None = None,
    index: Path | None = None,
    update: bool = False,
    fail_on: Literal["note", "warning", "error"] | None = None,
    threads: int | None = None,
    memory: int | str | None = None,
    temp_dir: Path | None = None,
    config: Path | None = None,
    isolated: bool = False,
    strict: bool = False,
    max_record: int | str | None = None,
    progress: Progress = None,
) -> Checked:
    """Report what is wrong with a corpus, and where. Nothing is changed.

    >>> import flong
    >>> checked = flong.check(["Maize prices rose.\\n\\nREAD ALSO: Ferry Runs Aground\\n\\nBeans did not."])
    >>> checked.ok
    False
    >>> checked.findings.to_pylist()[0]["message"]
    'inserted link “READ ALSO: Ferry Runs Aground”: the line ends'

    Args:
        data: As of :func:`find`.
        text: As of :func:`clean`, as are all arguments that are not listed here.
        against: A second corpus of the same kind to compare with, without a report on it.
        index: Of paths: index of what has been seen (see :class:`Index`).
        update: Add what has no finding that fails the check to the index.
        fail_on: Lowest severity that fails the check; ``warning`` by default.
    """
    options = options_of(
        text=text, id=id, source=source, date=date, title=title, url=url, level=level, grain=grain, keep=keep, only=only,
        ignore=ignore, fail_on=fail_on, index=index, update=update, threads=threads, memory=memory, temp_dir=temp_dir,
        config=config, isolated=isolated, strict=strict, max_record=max_record,
    )
    if update and index is None:
        raise UsageError("update= is of an index: name it with index=")
    paths = paths_of(data)
    if paths is not None:
        with tempfile.TemporaryDirectory(dir=temp_dir) as folder:
            findings, found = _flong.check_files(paths, _old_paths(against, folder), options, watcher(progress))
        _warn(found)
        return Checked(findings, found)
    if index is not None:
        raise UsageError("index= is for paths; of a table, ask the index itself: flong.Index(…).query(data)")
    table, others = _tables(data, against, memory, temp_dir)
    findings, found = _flong.check_table(table, others, options, watcher(progress))
    _warn(found)
    return Checked(findings, found)


def restore(folder: Path, *, out: Path, force: bool = False) -> list[str]:
    """Restore the originals of a folder that :func:`clean` wrote, byte for byte, and return the names of the files.

    Args:
        folder: The cleaned folder.
        out: New folder for the originals.
        force: Replace that folder if it holds only what flong restored, unchanged.
    """
    names, incomplete = _flong.restore_files(os.fspath(folder), os.fspath(out), force)
    for name, lost in incomplete:
        warnings.warn(f"{name}: {lost:,} records could not be read and cannot be given back", SkippedWarning, stacklevel=2)
    return names
