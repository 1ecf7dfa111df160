"""flong on Spark finds and cleans what the command line does. Needs PySpark 4 and Java 17."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path

import pytest
from conftest import WIRE

import flong

pa = pytest.importorskip("pyarrow")
pytest.importorskip("pyspark", minversion="4", reason="PySpark 4 is not installed: flong.spark is not tested")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Java is not installed: flong.spark is not tested", allow_module_level=True)

from same_as_command import assert_same, frame, records, tables

import flong.spark

# Spark and its gateway leave sockets and files to the garbage collector, and warn of what they will change.
pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.mark.parametrize(
    ("parts", "limits"), [(1, {}), (2, {}), (7, {"max_edges": 20, "max_known": 0}), (2, {"max_known": 0})]
)
def test_clean_is_that_of_the_command_line(spark, expected, monkeypatch, parts, limits):
    # Where what is known is joined by key, there are several blocks of documents.
    monkeypatch.setattr(flong.spark._count, "BLOCK", 100)
    cleaned = flong.spark.clean(frame(spark, records(), parts), order="line", **limits)
    assert_same(tables(cleaned), expected)


PROMOTING = (
    "Maize prices rose again in the north this week, traders said, as rain kept lorries off the roads. READ ALSO: Governor opens "
    "new bridge over the river at Aldermoor The traders expect the prices to fall once the roads are dry."
)


def test_titles_of_other_blocks_are_known(spark, monkeypatch):
    # A document and the one that it promotes are in different blocks.
    monkeypatch.setattr(flong.spark._count, "BLOCK", 1)
    rows = [
        {"line": 0, "title": "Maize prices rise", "text": PROMOTING},
        {"line": 1, "title": "Governor opens new bridge over the river at Aldermoor", "text": WIRE},
    ]
    for limit in (0, flong.spark.MAX_KNOWN):
        ledger = flong.spark.clean(frame(spark, rows, 2), order="line", max_known=limit).ledger.collect()
        promoted = "READ ALSO: Governor opens new bridge over the river at Aldermoor"
        # Without the title its end would be less certain.
        assert [(row["text"], row["score"]) for row in ledger] == [(promoted, 1.0)]


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
