"""flong on Spark: the same results as the command line, where the data is.

The maps are the functions of the extension, the joins are Spark's. Needs PySpark 4 and pyarrow, and flong on the executors.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from flong._api import Grain, Level, Names, options_of
from flong._errors import UsageError
from flong.spark._clean import Judged
from flong.spark._count import MAX_KNOWN, Corpus
from flong.spark._maps import Maps
from flong.spark._match import MAX_EDGES, Matched
from flong.spark._stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["Cleaned", "Result", "clean", "find"]


@dataclass(frozen=True)
class Result:
    """What repeats in a DataFrame."""

    #: The pairs of texts that match.
    matches: DataFrame
    #: A row for each member of each cluster.
    clusters: DataFrame
    #: The rows that are no documents, with the reasons in ``flong_skipped``.
    skipped: DataFrame


@dataclass(frozen=True)
class Cleaned:
    """A DataFrame without its duplicates and boilerplate."""

    #: The rows that are kept, with the columns that were given.
    table: DataFrame
    #: The rows that are not.
    dropped: DataFrame
    #: A row for each piece that was removed or marked.
    ledger: DataFrame
    #: What repeats.
    result: Result


def _found(
    data: DataFrame, options: str, order: str | None, work_dir: str | os.PathLike[str] | None, max_edges: int,
    max_known: int, *, whole: bool, strict: bool,
) -> tuple[Maps, Stages, Corpus, Matched, Result]:
    if not hasattr(data, "sparkSession"):
        raise UsageError(f"data is of type {type(data).__name__}; give a DataFrame of Spark")
    own = [name for name in data.columns if name.lower().startswith("flong_")]
    if own:
        raise UsageError(f"the column {own[0]} has a name that flong uses itself; rename it")
    odd = [name for name in data.columns if "." in name or "`" in name]
    if odd:
        # PySpark's mapInArrow looks for columns by names in which a dot steps into a structure.
        raise UsageError(f"the column {odd[0]} has a dot or a backtick in its name, with which Spark does not find it; rename it")
    maps = Maps(options)
    run = json.dumps([maps.options, order, json.loads(data.schema.json()), whole, version("flong")], sort_keys=True)
    stages = Stages(data.sparkSession, work_dir, hashlib.sha256(run.encode()).hexdigest())
    if not whole:
        needed = {*maps.needed(data.columns), order}
        data = data.select(*(column for column in data.columns if column in needed))
    corpus = Corpus(data, order, maps, stages, strict=strict, max_known=max_known)
    matched = Matched(corpus, maps, stages, max_edges)
    skipped = corpus.read.where("flong_skipped is not null").drop("flong_id", "flong_number")
    return maps, stages, corpus, matched, Result(matched.matches(), matched.clusters(), skipped)


def find(
    data: DataFrame,
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
    order: str | None = None,
    work_dir: str | os.PathLike[str] | None = None,
    max_record: int | None = None,
    config: str | None = None,
    strict: bool = False,
    max_edges: int = MAX_EDGES,
    max_known: int = MAX_KNOWN,
) -> Result:
    """Find what repeats in a DataFrame, and change nothing.

    Where the command line takes the order of a file, `order` names the column that numbers the rows, from 0 on. Without it
    documents are in the order of their ids, which must all be different.

    With `strict` a row without a text is an error, and not among the skipped ones. `config` is a ``flong.toml`` that the driver
    reads.

    Each stage is kept in `work_dir`, so that a run which was killed goes on where it was.

    Each process of an executor reads the counts of all phrases that repeat, if they have at most `max_known` bytes. If they have
    more, they are joined to the documents by key. At most `max_edges` edges are covered by one task.
    """
    options = options_of(
        text=text, id=id, source=source, date=date, title=title, url=url, level=level, grain=grain, keep=keep,
        max_record=max_record, config=config,
    )
    return _found(data, options, order, work_dir, max_edges, max_known, whole=False, strict=strict)[-1]


def clean(
    data: DataFrame,
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
    order: str | None = None,
    work_dir: str | os.PathLike[str] | None = None,
    max_record: int | None = None,
    config: str | None = None,
    strict: bool = False,
    max_edges: int = MAX_EDGES,
    max_known: int = MAX_KNOWN,
) -> Cleaned:
    """Remove duplicates and boilerplate from a DataFrame. See :func:`find` for `order`, `work_dir`, `max_known` and
    `max_edges`."""
    options = options_of(
        text=text, id=id, source=source, date=date, title=title, url=url, level=level, grain=grain, keep=keep,
        remove=remove, drop=drop, only=only, ignore=ignore, mark=mark, max_record=max_record,
        config=config,
    )
    maps, stages, corpus, matched, result = _found(data, options, order, work_dir, max_edges, max_known, whole=True, strict=strict)
    judged = Judged(corpus, matched, maps, stages)
    return Cleaned(judged.table(), judged.dropped(), judged.ledger(), result)
