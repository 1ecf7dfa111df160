"""Stages of a run, each kept in a folder once it is done."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import functions as F
from pyspark.sql import is_remote

from flong import _errors
from flong._errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


class Stages:
    """The folder of a run: a table for each stage that is done, and a mark that it is.

    A folder that lasts as long as Python needs no marks: no other run goes on with it.
    """

    def __init__(self, session: SparkSession, folder: str | os.PathLike[str] | None, run: str) -> None:
        self.session = session
        self.lasts = folder is not None
        self.folder = os.fspath(folder or _temporary(session)).rstrip("/")
        self.run = run
        self.schemas: dict[str, StructType] = {}

    def path(self, name: str) -> str:
        """Return where the table of a stage is."""
        return f"{self.folder}/{name}"

    def files(self, name: str) -> tuple[str, ...]:
        """Return the files of a stage that is done, as processes of executors find them, whatever the path is relative to."""
        return tuple(sorted(self._read(name).inputFiles()))

    def table(self, name: str, make: Callable[[], DataFrame]) -> DataFrame:
        """Return the table of a stage, which is made if it is not there."""
        if not (self.lasts and self._is_done(name)):
            table = make()
            with plainly():
                table.write.mode("overwrite").parquet(self.path(name))
            self.schemas[name] = table.schema
            if self.lasts:
                mark = self.session.range(1).select(F.lit(self.run).alias("run"))
                mark.coalesce(1).write.mode("overwrite").parquet(self.path(f"done/{name}"))
        return self._read(name)

    def _read(self, name: str) -> DataFrame:
        read = self.session.read
        return (read.schema(self.schemas[name]) if name in self.schemas else read).parquet(self.path(name))

    def _is_done(self, name: str) -> bool:
        try:
            mark = self.session.read.parquet(self.path(f"done/{name}")).first()
        except AnalysisException:
            return False
        if mark is not None and mark["run"] != self.run:
            raise UsageError(
                f"{self.folder} holds stages of a run with other parameters or other columns; name another folder with "
                "work_dir="
            )
        return mark is not None


@contextmanager
def plainly() -> Iterator[None]:
    """Raise what flong says in a process of Spark as the exception that it is, without the stack of that process."""
    try:
        yield
    except PySparkException as error:
        told = re.search(r"^flong\._errors\.(\w+): (.*)$", str(error), re.MULTILINE)
        kind = getattr(_errors, told[1], None) if told else None
        if told is None or kind not in (_errors.UsageError, _errors.UnreadableError):
            raise
        raise kind(told[2]) from None


def _temporary(session: SparkSession) -> str:
    """Return a new folder that is there until Python ends."""
    master = session.conf.get("spark.master", "")
    if not (master or "").startswith("local") or _is_elsewhere(session):
        raise UsageError("work_dir= must name a folder that all executors reach, such as one in HDFS or S3")
    folder = tempfile.mkdtemp(prefix="flong-spark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _is_elsewhere(session: SparkSession) -> bool:
    """Return whether a session is a client of a Spark on another machine."""
    return is_remote() and session.client.host not in ("localhost", "127.0.0.1", "::1")
