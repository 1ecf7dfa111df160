"""Bad input gives a clear exception, or is skipped and counted; nothing is lost."""

from __future__ import annotations

import pathlib

import pyarrow
import pytest
from conftest import WIRE

import flong


def test_null_texts_are_skipped_counted_and_given_back():
    table = pyarrow.table({"id": ["a", "b", "c"], "text": [WIRE, None, WIRE]})
    with pytest.warns(flong.SkippedWarning, match="1 skipped: row 1: the text is null"):
        cleaned = flong.clean(table)
    assert cleaned.summary["skipped"] == 1
    assert cleaned.table.to_pylist() == [{"id": "a", "text": WIRE}]
    assert cleaned.dropped.to_pylist() == [{"id": "b", "text": None}, {"id": "c", "text": WIRE}]
    assert cleaned.restore().to_arrow() == table
    with pytest.raises(flong.UnreadableError, match="row 1: the text is null"):
        flong.find(table, strict=True)


def test_invalid_utf8_is_skipped():
    bad = pyarrow.array([WIRE.encode(), b"bad \xff text", WIRE.encode()], pyarrow.binary())
    # Arrow does not look at the bytes of strings that are said to be some.
    unsound = pyarrow.Array.from_buffers(pyarrow.string(), 3, bad.buffers())
    for column in (bad, unsound):
        table = pyarrow.table({"text": column})
        with pytest.warns(flong.SkippedWarning, match="row 1: the text is not UTF-8 at byte 5"):
            cleaned = flong.clean(table)
        assert (cleaned.table.num_rows, cleaned.dropped.num_rows, cleaned.summary["skipped"]) == (1, 2, 1)
        assert cleaned.restore().to_arrow()["text"].chunk(0).buffers()[2].to_pybytes() == bad.buffers()[2].to_pybytes()


def test_a_text_that_is_too_long_is_skipped():
    with pytest.warns(flong.SkippedWarning, match="row 0: the text is longer than 100 bytes"):
        assert flong.find([WIRE, "short"], max_record=100).summary["skipped"] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"text": "txet"}, "there is no column txet; there are id, text, n; did you mean `text`?"),
        ({"id": "di"}, "there is no column di; there are id, text, n; did you mean `id`?"),
        ({"text": "n"}, "the column `n` holds no texts but Int64; name the one that does with text="),
        ({"keep": "field:score"}, "there is no column score; there are id, text, n"),
        ({"level": "neer"}, 'level="neer": unknown variant `neer`, expected one of .*; did you mean `near`?'),
        ({"grain": "documents"}, "did you mean `document`?"),
        ({"keep": "oldest"}, 'keep="oldest"'),
        ({"threads": 0}, "threads=0"),
        ({"threads": "2"}, 'threads="2"'),
        ({"max_record": -1}, "max_record"),
        ({"out": "x"}, "out= is for paths"),
        ({"progress": "yes"}, "progress is True, or a function"),
    ],
)
def test_options_that_make_no_sense_are_told(options, message):
    table = pyarrow.table({"id": ["a"], "text": [WIRE], "n": [1]})
    with pytest.raises(flong.UsageError, match=message.replace("?", r"\?")) as raised:
        flong.find(table, **options)
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize("data", [7, None, {"text": [WIRE]}, [WIRE, 7], [7], [[WIRE]], b"text"])
def test_data_of_another_kind_is_refused(data):
    with pytest.raises(flong.UsageError):
        flong.find(data)


def test_tables_without_texts_are_refused():
    with pytest.raises(flong.UsageError, match="there is no column text, content, .*; there are url"):
        flong.find(pyarrow.table({"url": ["https://a.example"]}))
    with pytest.raises(flong.UsageError, match="there are none"):
        flong.find(pyarrow.table({}))


def test_nothing_repeats_in_nothing():
    for empty in (pyarrow.table({"text": pyarrow.array([], pyarrow.string())}), [], [""], ["", ""]):
        result = flong.find(empty)
        assert (result.matches.num_rows, result.clusters.num_rows) == (0, 0)
        assert "a_row" in result.matches.column_names
        assert flong.clean(empty).restore().num_rows == result.summary["documents"]
        assert flong.check(empty).findings.num_rows == 0
        assert "Nothing repeats" in result._repr_html_()


def test_ids_that_repeat_are_no_trouble():
    table = pyarrow.table({"id": ["a", "a", "a"], "text": [WIRE, "Maize prices rose again on Monday.", WIRE]})
    cleaned = flong.clean(table)
    assert cleaned.table.to_pylist() == table.slice(0, 2).to_pylist()
    line = cleaned.ledger.to_pylist()[0]
    assert (line["row"], line["kept_row"]) == (2, 0), "rows tell apart what ids do not"
    assert cleaned.restore().to_arrow() == table


def test_paths_that_do_not_exist_are_told(tmp_path):
    with pytest.raises(flong.FlongError, match="missing.jsonl"):
        flong.find(tmp_path / "missing.jsonl")
    with pytest.raises(flong.UsageError, match="name it with out="):
        flong.clean(tmp_path / "missing.jsonl")
    with pytest.raises(flong.FileError) as raised:
        flong.find([WIRE], config=tmp_path / "missing.toml")
    assert isinstance(raised.value, OSError) and raised.value.errno == 2
    assert str(raised.value).startswith(str(tmp_path / "missing.toml"))


def test_a_folder_that_is_not_ours_is_kept(tmp_path):
    (tmp_path / "in.jsonl").write_text('{"text": "one"}\n')
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    with pytest.raises(flong.FlongError, match="mine.txt|not empty|no output of flong"):
        flong.clean(tmp_path / "in.jsonl", out=out, force=True)
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_a_damaged_index_is_told(tmp_path):
    path = tmp_path / "seen"
    path.write_bytes(b"this is no index at all" * 100)
    with pytest.raises(flong.FlongError, match="seen"):
        flong.Index(path).query([WIRE])


def test_pairs_outside_the_table_are_told():
    with pytest.raises(flong.UsageError, match="there is no row 9: there are 1 rows"):
        flong.verify_pairs([WIRE], [(0, 9)])
    with pytest.raises(flong.UsageError, match="row 0: the text is null; here, every row must have a text"):
        flong.signatures(pyarrow.table({"text": pyarrow.array([None], pyarrow.string())}))
    with pytest.raises(flong.UsageError, match="40 bands of 4 rows need 160 places; there are 96"):
        flong.band_keys(flong.signatures([WIRE]), bands=40, rows=4)


def test_arguments_of_stages_that_make_no_sense_are_told():
    for call, message in (
        (lambda: flong.shingles(WIRE, 0), "width is at least 1"),
        (lambda: flong.fingerprints(WIRE, window=0), "window is at least 1"),
        (lambda: flong.band_keys(flong.signatures([WIRE]), bands=-1), "bands is at least 1"),
        (lambda: flong.band_keys(flong.signatures([WIRE]), bands=1 << 33, rows=1 << 33), "there are 96"),
        (lambda: flong.verify_pairs([WIRE], [(0, -1)]), "there is no row -1"),
        (lambda: flong.verify_pairs([WIRE], [(1 << 40, 0)]), "there is no row 1099511627776"),
        (lambda: flong.verify_pairs([WIRE], [(0,)]), "pairs are of two row numbers each"),
    ):
        with pytest.raises(flong.UsageError, match=message):
            call()


def test_half_a_character_is_told():
    for data in ([WIRE, "bad \ud800 text"], [{"text": WIRE}, {"text": "bad \ud800 text"}]):
        with pytest.raises(flong.UsageError, match=r"row 1: a text has half a character \(U\+D800\) at 4"):
            flong.find(data)


def test_records_that_cannot_be_read_are_warned_of(tmp_path):
    path = pathlib.Path(tmp_path / "in.jsonl")
    path.write_text('{"text": "one"}\n{"text": 7}\n')
    with pytest.warns(flong.SkippedWarning, match="in.jsonl:2"):
        assert flong.find(path).summary["skipped"] == 1
