"""How typed code uses flong: mypy and pyright read this, and nothing runs it."""

from __future__ import annotations

import pathlib

import numpy
import polars
from numpy.typing import NDArray
from typing_extensions import assert_type

import flong


def results(frame: polars.DataFrame, path: pathlib.Path) -> None:
    result = flong.find(frame, grain=("document", "paragraph"), level="near", progress=lambda stage, done, total: None)
    assert_type(result, flong.Result)
    assert_type(result.matches, flong.Table)
    assert_type(result.to_polars(), polars.DataFrame)
    assert_type(flong.clean(frame, remove="reworded"), flong.Cleaned)
    assert_type(flong.clean(path, out=path / "out", force=True), flong.CleanedFiles)
    assert_type(flong.check(["text"]).ok, bool)


def texts() -> None:
    assert_type(flong.compare("a", "b").kind, "str | None")
    assert_type(flong.strip("a").removed[0].start, int)
    assert_type(flong.signatures(["a"]), NDArray[numpy.uint32])
