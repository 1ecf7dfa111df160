"""What the tests on Spark hold against the command line."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import corpus
from pyspark.sql import DataFrame, SparkSession

import flong.spark

MEASURES = ("jaccard", "containment", "weighted", "aligned", "score")


def records() -> list[dict]:
    """Return the articles of the corpus, each with its line."""
    return [{**record, "line": line} for line, record in enumerate(corpus())]


def frame(spark: SparkSession, rows: list[dict], parts: int) -> DataFrame:
    """Return rows as a DataFrame of some parts, in another order."""
    rows = random.Random(parts).sample(rows, len(rows))
    names = sorted({name for row in rows for name in row})
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    return spark.createDataFrame(table).repartition(parts)


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def piece(line: dict, side: str) -> tuple:
    return (line[side]["document"], line[side]["start"], line[side]["end"])


def of_command(folder: Path) -> dict[str, list[dict]]:
    """Return what the command line makes of the corpus."""
    with (folder / "in.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in records())
    out = folder / "out"
    command = [sys.executable, "-m", "flong", "clean", str(folder / "in.jsonl"), "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return {name: lines(out / f"{name}.jsonl") for name in ("documents", "ledger", "matches", "clusters")}


def assert_same_matches(found: DataFrame, expected: list[dict]) -> None:
    def key(row):
        return (row["a"], row["a_start"], row["a_end"], row["b"], row["b_start"], row["b_end"], row["kind"], row["cluster"])

    rows = {key(row): row for row in found.collect()}
    wanted = {(*piece(line, "a"), *piece(line, "b"), line["kind"], line["cluster"]): line for line in expected}
    assert rows.keys() == wanted.keys()
    for at, line in wanted.items():
        # The command line writes four digits.
        assert [rows[at][name] for name in MEASURES] == pytest.approx([line[name] for name in MEASURES], abs=6e-5)
        assert rows[at]["grain"] == line["grain"]
        source = line.get("source") or {"text": None, "by": None}
        assert (rows[at]["source"], rows[at]["source_by"]) == (source["text"], source["by"])


def assert_same_clusters(found: DataFrame, expected: list[dict]) -> None:
    wanted = set()
    for line in expected:
        for n, member in enumerate(line["members"]):
            place = (member["document"], member["start"], member["end"], member.get("agency"))
            wanted.add((line["cluster"], line["grain"], line["kind"], n == 0, *place))
    names = ("cluster", "grain", "kind", "representative", "document", "start", "end", "agency")
    assert {tuple(row[name] for name in names) for row in found.collect()} == wanted


def told(line: dict) -> tuple:
    """Return what is compared of a line of the ledger."""
    kept = line.get("kept")
    kept = kept["document"] if isinstance(kept, dict) else kept
    return (line["document"], line["start"], line["end"], line["rule"], line["action"], kept, line["reason"])


def assert_same(found: dict[str, DataFrame], expected: dict[str, list[dict]]) -> None:
    """Hold tables against what the command line makes of the corpus."""
    table = [{name: value for name, value in row.asDict().items() if value is not None} for row in found["table"].collect()]
    assert sorted(table, key=lambda row: row["line"]) == expected["documents"]
    assert found["dropped"].count() == len(records()) - len(table)
    assert_same_matches(found["matches"], expected["matches"])
    assert_same_clusters(found["clusters"], expected["clusters"])
    assert sorted(map(told, (row.asDict() for row in found["ledger"].collect())), key=str) == sorted(
        map(told, expected["ledger"]), key=str
    )


def tables(cleaned: flong.spark.Cleaned) -> dict[str, DataFrame]:
    """Return the tables that :func:`assert_same` takes."""
    result = cleaned.result
    return {
        "table": cleaned.table, "dropped": cleaned.dropped, "ledger": cleaned.ledger, "matches": result.matches,
        "clusters": result.clusters,
    }
