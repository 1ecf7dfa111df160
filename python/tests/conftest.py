"""What the tests share: a corpus, and the command line."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

ROOT = pathlib.Path(__file__).parents[2]

WIRE = (
    "The ferry to Aldermoor ran aground on Tuesday evening with 140 people on board. Nobody was hurt, the harbour master "
    "told reporters, and divers will inspect the hull before the vessel is towed to the yard."
)


#: A report, and its correction, which is the one that is kept.
CORRECTED = [
    {"id": f"corrected/{n}", "source": "wire.example", "date": f"2026-03-0{n}", "title": title, "text": WIRE}
    for n, title in ((1, "Ferry runs aground"), (2, "CORRECTED - Ferry runs aground"))
]


def corpus() -> list[dict[str, Any]]:
    """Return the articles of the repository and a correction, all in one list."""
    paths = sorted((ROOT / "corpus" / "articles").glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf8").splitlines()] + CORRECTED


@pytest.fixture(scope="session")
def records() -> list[dict[str, Any]]:
    return corpus()


@pytest.fixture(scope="session")
def columns(records: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The same by columns."""
    names = list(dict.fromkeys(name for record in records for name in record))
    return {name: [record.get(name) for record in records] for name in names}


@pytest.fixture
def command(tmp_path: pathlib.Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command that the package installs."""

    def run(*arguments: object, expected: int = 0, **options: Any) -> subprocess.CompletedProcess[str]:
        program = pathlib.Path(sys.executable).with_name("flong")
        done = subprocess.run(
            [program, *map(str, arguments)], capture_output=True, text=True, cwd=tmp_path, check=False, **options
        )
        assert done.returncode == expected, done.stderr
        return done

    return run


@pytest.fixture(scope="session")
def spark() -> Any:
    """Return a session of Spark, which is there where a test asks for it."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
    }
    # A task that fails is run again, as on a cluster.
    builder = SparkSession.builder.master("local[2,3]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Return what the command line makes of the corpus, for tests on Spark."""
    from same_as_command import of_command

    return of_command(tmp_path_factory.mktemp("expected"))
