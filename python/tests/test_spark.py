"""flong on Spark finds and cleans what the command line does. Needs PySpark 4 and Java 17."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import WIRE, corpus

import flong

pa = pytest.importorskip("pyarrow")
pytest.importorskip("pyspark", minversion="4", reason="PySpark 4 is not installed: flong.spark is not tested")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Java is not installed: flong.spark is not tested", allow_module_level=True)

import flong.spark
from pyspark.sql import DataFrame, SparkSession

# Spark and its gateway leave sockets and files to the garbage collector, and warn of what they will change.
pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

MEASURES = ("jaccard", "containment", "weighted", "aligned", "score")


@pytest.fixture(scope="session")
def spark():
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


@pytest.fixture(scope="session")
def expected(tmp_path_factory) -> dict[str, list[dict]]:
    """Return what the command line makes of the corpus."""
    folder = tmp_path_factory.mktemp("expected")
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


@pytest.mark.parametrize(
    ("parts", "limits"), [(1, {}), (2, {}), (7, {"max_edges": 20, "max_known": 0}), (2, {"max_known": 0})]
)
def test_clean_is_that_of_the_command_line(spark, expected, monkeypatch, parts, limits):
    # Where what is known is joined by key, there are several blocks of documents.
    monkeypatch.setattr(flong.spark._count, "BLOCK", 100)
    cleaned = flong.spark.clean(frame(spark, records(), parts), order="line", **limits)
    table = [{name: value for name, value in row.asDict().items() if value is not None} for row in cleaned.table.collect()]
    assert sorted(table, key=lambda row: row["line"]) == expected["documents"]
    assert cleaned.dropped.count() == len(records()) - len(table)
    assert_same_matches(cleaned.result.matches, expected["matches"])
    assert_same_clusters(cleaned.result.clusters, expected["clusters"])

    def told(line):
        kept = line.get("kept")
        kept = kept["document"] if isinstance(kept, dict) else kept
        return (line["document"], line["start"], line["end"], line["rule"], line["action"], kept, line["reason"])

    assert sorted(map(told, (row.asDict() for row in cleaned.ledger.collect())), key=str) == sorted(
        map(told, expected["ledger"]), key=str
    )


def test_sentences_are_found_where_what_is_known_is_joined(spark):
    found = [
        flong.spark.find(frame(spark, records(), 2), order="line", grain="sentence", max_known=limit)
        for limit in (0, flong.spark.MAX_KNOWN)
    ]
    matches = [{tuple(row) for row in one.matches.collect()} for one in found]
    assert matches[0] == matches[1] and matches[0]


def test_a_run_goes_on_where_it_was(spark, tmp_path):
    rows = records()[:12]
    work = str(tmp_path / "work")
    found = flong.spark.find(frame(spark, rows, 2), work_dir=work, grain="document")
    matches = {(row["a"], row["b"]) for row in found.matches.collect()}
    assert matches
    # The last stages are gone, and the first ones cannot be made again.
    for stage in ("led", "edges"):
        shutil.rmtree(Path(work, "done", stage))
    gone = frame(spark, rows, 2).mapInArrow(unreadable, frame(spark, rows, 2).schema)
    again = flong.spark.find(gone, work_dir=work, grain="document")
    assert {(row["a"], row["b"]) for row in again.matches.collect()} == matches
    with pytest.raises(flong.UsageError, match="other parameters"):
        flong.spark.find(gone, work_dir=work, grain="paragraph")


def test_a_folder_that_is_used_again_gives_nothing_of_what_was_there(spark, tmp_path):
    # Processes of Spark last, and what they know of a corpus with them.
    work, rows = tmp_path / "work", records()
    first = flong.spark.clean(frame(spark, rows, 2), order="line", work_dir=work)
    assert first.ledger.count()
    shutil.rmtree(work)
    fewer = rows[: len(rows) // 3]
    again = flong.spark.clean(frame(spark, fewer, 2), order="line", work_dir=f"file:{work}")
    alone = flong.spark.clean(frame(spark, fewer, 2), order="line")
    for one, other in ((again.table, alone.table), (again.ledger, alone.ledger), (again.result.matches, alone.result.matches)):
        assert set(map(str, one.collect())) == set(map(str, other.collect()))


def test_columns_keep_their_types(spark):
    rows = [{"n": line, "my text": WIRE, "a b": None, "Source": "x.example"} for line in range(3)]
    schema = pa.schema([("n", pa.int16()), ("my text", pa.string()), ("a b", pa.float32()), ("Source", pa.string())])
    data = spark.createDataFrame(pa.Table.from_pylist(rows, schema))
    cleaned = flong.spark.clean(data, text="my text", order="n")
    assert cleaned.table.schema == cleaned.dropped.schema == data.schema
    assert [tuple(row) for row in cleaned.table.collect()] == [tuple(rows[0].values())]
    assert {row["n"] for row in cleaned.dropped.collect()} == {1, 2}
    assert flong.spark.find(data, text="my text", order="n", grain="document").matches.count()


def unreadable(batches):
    raise RuntimeError("this input is read once")


def dies_once(mark: str):
    """Return a map whose process is killed when it is used for the first time."""

    def run(batches):
        for batch in batches:
            if not os.path.exists(mark):
                open(mark, "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    return run


def test_rows_that_are_no_documents_are_told_and_a_killed_process_is_replaced(spark, tmp_path):
    rows = [{"id": "a", "text": "The ferry ran aground on Tuesday."}, {"id": "b", "text": None}]
    data = frame(spark, rows, 1)
    found = flong.spark.find(data.mapInArrow(dies_once(str(tmp_path / "mark")), data.schema), grain="document")
    assert [(row["id"], row["flong_skipped"]) for row in found.skipped.collect()] == [("b", "the text is null")]
    assert found.matches.count() == 0
    assert (tmp_path / "mark").exists()


def test_texts_that_are_not_utf8_are_told(spark):
    rows = [{"line": 0, "text": b"The ferry ran aground on Tuesday."}, {"line": 1, "text": b"bad \xff text"}]
    cleaned = flong.spark.clean(frame(spark, rows, 1), order="line", grain="document")
    skipped = [(row["line"], row["flong_skipped"]) for row in cleaned.result.skipped.collect()]
    assert skipped == [(1, "the text is not UTF-8 at byte 5")]
    assert [row["line"] for row in cleaned.table.collect()] == [0]
    assert [row["line"] for row in cleaned.dropped.collect()] == [1]


def test_strict_refuses_what_is_skipped(spark):
    rows = [{"line": 0, "text": "The ferry ran aground on Tuesday."}, {"line": 1, "text": None}]
    with pytest.raises(flong.UnreadableError, match="row 1: the text is null; without strict=True"):
        flong.spark.find(frame(spark, rows, 1), order="line", strict=True)


def test_settings_of_a_file_are_read_by_the_driver(spark, tmp_path):
    config = tmp_path / "flong.toml"
    config.write_text('grain = ["document"]\nlevel = "exact"\ntext-field = "body"\n')
    rows = [{"line": line, "body": body} for line, body in enumerate(["The ferry ran aground on Tuesday.", "Maize rose again."] * 2)]
    data = frame(spark, rows, 1)
    maps = flong.spark.Maps(flong.spark.options_of(config=config, level="near"))
    assert json.loads(maps.options) == {"grain": ["document"], "level": "near", "text-field": "body"}
    found = flong.spark.find(data, order="line", config=str(config))
    assert sorted((row["a"], row["b"], row["kind"]) for row in found.matches.collect()) == [("0", "2", "exact"), ("1", "3", "exact")]


@pytest.mark.parametrize(
    ("rows", "options", "told"),
    [
        ([{"id": "a", "txt": "x"}], {}, "no column"),
        ([{"id": "a", "text": 1}], {}, "holds no texts"),
        ([{"id": "a", "text": "x"}, {"id": "a", "text": "y"}], {}, "the id a occurs 2 times"),
        ([{"text": "x"}], {}, "order="),
        ([{"id": "a", "text": "x"}], {"order": "line"}, "no column line"),
        ([{"n": 1, "text": "x"}, {"n": 1, "text": "y"}], {"order": "n"}, "the number 1 2 times"),
        ([{"n": -1, "text": "x"}], {"order": "n"}, "from 0 on"),
        ([{"n": None, "text": "x"}, {"n": 1, "text": "x"}], {"order": "n"}, "the column n has null"),
        ([{"n": "first", "text": "x"}], {"order": "n"}, "the column n has null"),
        ([{"Flong_id": "a", "text": "x"}], {}, "rename"),
        ([{"id": "a", "my.text": "x"}], {"text": "my.text"}, "a dot or a backtick in its name"),
    ],
)
def test_input_that_cannot_be_used(spark, rows, options, told):
    with pytest.raises(flong.UsageError, match=told):
        flong.spark.find(frame(spark, rows, 1), **options)


def test_other_data_than_a_dataframe_is_refused():
    with pytest.raises(flong.UsageError, match="data is of type list; give a DataFrame of Spark"):
        flong.spark.find(["a text"])


def test_an_empty_table(spark):
    data = frame(spark, [{"id": "a", "text": "x"}], 1).where("id = 'b'")
    cleaned = flong.spark.clean(data)
    assert (cleaned.table.count(), cleaned.dropped.count(), cleaned.ledger.count()) == (0, 0, 0)
    assert (cleaned.result.matches.count(), cleaned.result.clusters.count()) == (0, 0)
