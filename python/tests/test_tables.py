"""Tables in and out: types, order, nested columns, notebooks."""

from __future__ import annotations

import datetime
import decimal
import json
from dataclasses import asdict

import polars
import pyarrow
import pytest
from conftest import WIRE

import flong

REPRINT = f"By Our Reporter, Aldermoor\n\n{WIRE}"
LINKED = "Maize prices rose again on Monday.\n\nREAD ALSO: Ferry Runs Aground\n\nBeans did not."


def table_of_all_types(text: pyarrow.DataType) -> pyarrow.Table:
    """A table whose columns are not in any order that flong would choose."""
    day = datetime.date(2026, 3, 4)
    return pyarrow.table(
        {
            "score": pyarrow.array([0.5, None, 2.0], pyarrow.float32()),
            "tags": pyarrow.array([["a"], [], None], pyarrow.list_(pyarrow.string())),
            "doc": pyarrow.array(
                [{"n": 1, "text": WIRE}, {"n": 2, "text": REPRINT}, {"n": None, "text": LINKED}],
                pyarrow.struct([("n", pyarrow.int8()), ("text", text)]),
            ),
            "when": pyarrow.array([day, day, None], pyarrow.date32()),
            "price": pyarrow.array([decimal.Decimal("1.25"), None, None], pyarrow.decimal128(9, 2)),
            "raw": pyarrow.array([b"\xff", None, b""], pyarrow.binary()),
            "kind": pyarrow.array(["x", "y", "x"]).dictionary_encode(),
        },
    ).replace_schema_metadata({"made": "by hand"})


@pytest.mark.parametrize(
    "text", [pyarrow.string(), pyarrow.large_string(), pyarrow.string_view(), pyarrow.binary()], ids=str
)
def test_columns_types_and_order_are_kept(text):
    table = table_of_all_types(text)
    cleaned = flong.clean(table, text="doc.text", date="when")
    assert cleaned.table.to_arrow().schema.equals(table.schema, check_metadata=True)
    assert cleaned.table.num_rows == 2
    link = "READ ALSO: Ferry Runs Aground\n\n"
    last = cleaned.table.to_arrow()["doc"][1].as_py()["text"]
    assert last == (LINKED.replace(link, "").encode() if text == pyarrow.binary() else LINKED.replace(link, ""))
    assert cleaned.dropped.to_arrow().to_pylist() == table.slice(1, 1).to_pylist()
    restored = cleaned.restore().to_arrow()
    assert restored.schema.equals(table.schema, check_metadata=True) and restored.to_pylist() == table.to_pylist()


def test_a_dictionary_of_texts_stays_one():
    table = pyarrow.table({"text": pyarrow.array([WIRE, LINKED, WIRE]).dictionary_encode()})
    cleaned = flong.clean(table)
    assert cleaned.table.to_arrow().schema == table.schema
    assert cleaned.table.to_arrow()["text"].to_pylist() == [WIRE, LINKED.replace("READ ALSO: Ferry Runs Aground\n\n", "")]
    assert cleaned.restore().to_arrow()["text"].to_pylist() == [WIRE, LINKED, WIRE]


def test_ids_and_dates_of_any_type_are_read():
    day = datetime.datetime(2026, 3, 4, 12)
    table = polars.DataFrame({"id": [7, 8], "date": [day, day - datetime.timedelta(days=1)], "text": [WIRE, WIRE]})
    match = flong.find(table, grain="document").matches.to_pylist()[0]
    assert (match["a"], match["b"]) == ("8", "7"), "the earlier one leads"


def test_a_series_and_a_list_are_texts():
    for texts in (polars.Series([WIRE, REPRINT]), pyarrow.chunked_array([[WIRE], [REPRINT]]), (WIRE, REPRINT)):
        match = flong.find(texts, grain="document").matches.to_pylist()[0]
        assert (match["a_row"], match["b_row"], match["a"]) == (0, 1, "0")


@pytest.mark.filterwarnings("ignore")
def test_datasets_of_hugging_face_are_read():
    import datasets

    data = datasets.Dataset.from_dict({"id": ["a", "b", "c"], "text": [WIRE, LINKED, REPRINT]})
    shuffled = data.select([2, 1, 0])
    assert [row["document"] for row in flong.find(shuffled, grain="document").clusters.to_pylist()] == ["c", "a"]
    assert flong.clean(shuffled).restore().to_pylist() == shuffled.to_list()
    assert flong.find(data.to_iterable_dataset(), grain="document").matches.num_rows == 1
    with pytest.raises(flong.UsageError, match=r"name one of 'train', as in data\['train'\]"):
        flong.find(datasets.DatasetDict(train=data))


def test_results_go_to_every_library():
    result = flong.find([WIRE, REPRINT], grain="document")
    assert polars.DataFrame(result)["kind"].to_list() == ["near"]
    assert result.to_polars().shape == (1, len(result.matches.column_names))
    assert result.to_pandas()["kind"].tolist() == ["near"]
    assert pyarrow.table(result).column_names == result.matches.column_names
    assert flong.find(flong.clean([WIRE, REPRINT]).table).matches.num_rows == 0


def test_what_is_held_against_is_not_in_the_result():
    cleaned = flong.clean([REPRINT, LINKED], against=[{"id": "old", "text": WIRE}])
    assert [row["text"] for row in cleaned.table.to_pylist()] == [LINKED.replace("READ ALSO: Ferry Runs Aground\n\n", "")]
    line = cleaned.ledger.to_pylist()[0]
    assert (line["row"], line["kept"], line["kept_row"]) == (0, "old", None)
    assert cleaned.restore().num_rows == 2


def test_marking_removes_nothing():
    cleaned = flong.clean([WIRE, REPRINT, LINKED], mark=True)
    assert [row["text"] for row in cleaned.table.to_pylist()] == [WIRE, REPRINT, LINKED]
    assert {line["action"] for line in cleaned.ledger.to_pylist()} == {"marked"}


def test_check_says_what_fails():
    checked = flong.check([{"id": "a", "text": WIRE}, {"id": "b", "text": WIRE}])
    finding = checked.findings.to_pylist()[0]
    assert not checked and not checked.ok
    assert (finding["row"], finding["rule"], finding["other"], finding["other_row"]) == (1, "FL101", "a", 0)
    assert flong.check([WIRE, WIRE], ignore="FL1").ok
    assert flong.check([WIRE, REPRINT], fail_on="error").ok
    assert not flong.check([REPRINT], against=[WIRE]).ok


def test_explanations_are_those_of_the_command(command, tmp_path):
    other = WIRE.replace("140", "150").replace("Tuesday", "Friday")
    for name, text in (("b", other), ("c", REPRINT)):
        lines = [json.dumps({"id": "a", "text": WIRE}), json.dumps({"id": name, "text": text})]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf8")
        shown = command("explain", f"{name}.jsonl", "a", name, "--format", "json").stdout
        told, explained = json.loads(shown), asdict(flong.explain(WIRE, text))
        explained["measured"] = explained["measures"]
        # The command writes four digits.
        names = ("kind", "score", "rule", "reason", "measured", "ways", "facts_kept", "facts_changed", "names_kept", "names_changed")
        for value in names:
            assert rounded(explained[value]) == rounded(told[value]), value
    shown = str(flong.explain(WIRE, other))
    assert shown.startswith("template 0.91: the texts state other numbers or dates") and "Tuesday / Friday, 140 / 150" in shown


def rounded(value):
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value


def test_notebooks_show_escaped_texts():
    evil = "<script>alert(1)</script>"
    other = WIRE.replace("Tuesday", "Monday <b>night</b>")
    cleaned = flong.clean([{"id": evil, "text": f"{WIRE} {evil}"}, {"id": "b", "text": f"{other} {evil}"}], level="reworded")
    for shown in (cleaned._repr_html_(), cleaned.found._repr_html_(), flong.explain(WIRE, other)._repr_html_()):
        assert "<script>" not in shown and "<b>night" not in shown
    page = flong.find([WIRE, f"{REPRINT} Ferries will run again on <Friday>."], grain="document")._repr_html_()
    assert "&lt;Friday&gt;" in page or "Friday" in page
    assert "<ins" in page and "2 documents" in page


def test_an_index_remembers(tmp_path):
    index = flong.Index(tmp_path / "seen")
    assert index.add([{"id": "wire", "text": WIRE, "date": "2026-01-02"}]) == 1
    assert index.add([{"id": "wire", "text": WIRE, "date": "2026-01-02"}]) == 0
    found = index.query([{"id": "x", "text": REPRINT}, {"id": "y", "text": LINKED}]).to_pylist()
    assert [(row["row"], row["item"], row["kind"]) for row in found] == [(0, "wire", "near")]
    cleaned = flong.clean([REPRINT, LINKED], index=index.path, update=True)
    assert cleaned.table.num_rows == 1 and cleaned.ledger.to_pylist()[0]["kept"] == "wire"
    assert len(index) == 2 and index.check()["items"] == 2
    assert index.expire(days=1) == 1


def test_stages_fit_together():
    texts = [WIRE, REPRINT, LINKED]
    signatures = flong.signatures(texts, size=64)
    assert signatures.shape == (3, 64) and signatures.dtype == "uint32"
    agree = (signatures[0] == signatures[1]).mean()
    a, b = (set(flong.shingles(text).tolist()) for text in texts[:2])
    assert abs(agree - len(a & b) / len(a | b)) < 0.2
    keys = flong.band_keys(signatures, bands=16, rows=4)
    assert keys.shape == (3, 16) and keys.dtype == "uint64"
    assert (keys[0] == keys[1]).any() and not (keys[0] == keys[2]).any()
    assert set(flong.fingerprints(WIRE).tolist()) <= a
    verified = flong.verify_pairs(texts, [(0, 1), (0, 2)]).to_pylist()
    assert [(pair["a_row"], pair["b_row"], pair["kind"]) for pair in verified] == [(0, 1, "near")]


def test_offsets_of_texts_are_characters():
    text = "Über “Maize”: 🚢 rose.\n\nREAD ALSO: Ferry Runs Aground\n\nBeans – did not."
    for piece in flong.strip(text).removed:
        assert text[piece.start : piece.end] == piece.text
    assert [text[token.start : token.end] for token in flong.tokens(text)] == [token.text for token in flong.tokens(text)]
    explained = flong.explain(text)
    assert [text[piece.start : piece.end] for piece in explained.boilerplate[0]] == [p.text for p in explained.boilerplate[0]]
    a, b = f"Über 🚢: {WIRE}", f"{WIRE} – Ä"
    for shared in flong.compare(a, b).shared:
        assert a[slice(*shared.a)] == shared.text and b[slice(*shared.b)] == shared.text
