"""Python gives what the command line gives: equal matches, equal clusters, equal cleaned texts."""

from __future__ import annotations

import json
import math
import pathlib
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import flong


def lines(path: pathlib.Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]


def as_lines(matches: flong.Table) -> list[dict[str, Any]]:
    """Return matches in the form of `matches.jsonl`."""
    rows = []
    for row in matches.to_pylist():
        pieces = {
            side: {"document": row[side], "start": row[f"{side}_start"], "end": row[f"{side}_end"]} for side in "ab"
        }
        measured = {name: row[name] for name in ("jaccard", "containment", "weighted", "aligned", "score")}
        source = row["source"] and {"text": row["source"], "by": row["source_by"]}
        rest = {"grain": row["grain"], "kind": row["kind"], **measured, "cluster": row["cluster"], "source": source}
        rows.append({**pieces, **rest})
    return rows


def as_clusters(clusters: flong.Table) -> list[tuple[str, str, str, list[tuple[str, int, int]]]]:
    """Return clusters with their members, the representative first."""
    found: dict[str, Any] = {}
    for row in clusters.to_pylist():
        key = row["cluster"]
        found.setdefault(key, (key, row["grain"], row["kind"], []))[3].append((row["document"], row["start"], row["end"]))
        assert row["representative"] == (len(found[key][3]) == 1)
    return list(found.values())


def of_command(path: pathlib.Path) -> list[tuple[str, str, str, list[tuple[str, int, int]]]]:
    found = []
    for line in lines(path):
        members = [(member["document"], member["start"], member["end"]) for member in line["members"]]
        found.append((line["cluster"], line["grain"], line["kind"], members))
    return found


def test_find_gives_the_matches_and_clusters_of_the_command(records, command, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf8")
    command("find", path, "--out", tmp_path / "out")
    expected = lines(tmp_path / "out" / "matches.jsonl")
    assert len(expected) > 100
    for result in (flong.find(records), flong.find(str(path)), flong.find(path)):
        found = as_lines(result.matches)
        assert len(found) == len(expected)
        for one, other in zip(found, expected):
            for name, value in other.items():
                if isinstance(value, float):
                    assert math.isclose(one[name], value, abs_tol=1e-4), (name, one, other)
                else:
                    assert one[name] == value, (name, one, other)
        assert as_clusters(result.clusters) == of_command(tmp_path / "out" / "clusters.jsonl")
        summary = json.loads((tmp_path / "out" / "summary.json").read_text())
        for name in ("documents", "bytes", "units", "candidates", "matches", "clusters", "repeats", "skipped"):
            assert result.summary[name] == summary[name], name


@pytest.mark.parametrize("options", [{}, {"level": "near"}, {"grain": "document"}, {"keep": "longest"}, {"only": "FL1"}])
def test_clean_gives_the_texts_of_the_command(records, columns, command, tmp_path, options):
    table = pyarrow.table(columns)
    path = tmp_path / "in.parquet"
    pyarrow.parquet.write_table(table, path)
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    command("clean", path, "--out", tmp_path / "out", *arguments)
    expected = pyarrow.parquet.read_table(tmp_path / "out" / "documents.parquet")
    cleaned = flong.clean(table, **options)
    assert cleaned.table.to_arrow() == expected
    ids = cleaned.table.to_arrow()["id"].to_pylist()
    assert ("corrected/2" in ids) > ("corrected/1" in ids), "the correction is kept"
    ledger = lines(tmp_path / "out" / "ledger.jsonl")
    rows = cleaned.ledger.to_pylist()
    assert len(rows) == len(ledger) > 0
    for row, line in zip(rows, ledger):
        for name in ("document", "start", "end", "text", "rule", "kind", "action", "reason"):
            assert row[name] == line[name]
        kept = line["kept"] or {"document": None, "start": None, "end": None}
        assert (row["kept"], row["kept_start"], row["kept_end"]) == (kept["document"], kept["start"], kept["end"])
        assert row["document"] == table["id"][row["row"]].as_py()
    counts = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert cleaned.summary["cleaned"] == counts["cleaned"]
    assert cleaned.summary.get("rules", {}) == counts.get("rules", {})
    assert cleaned.restore().to_arrow() == table


def test_every_kind_of_table_gives_the_same(columns):
    table = pyarrow.table(columns)
    expected = flong.find(table).clusters.to_arrow()
    sliced = pyarrow.concat_tables([table.slice(0, 1), table.slice(1, 300), table.slice(301)])
    at = table.column_names.index("text")
    views = table.set_column(at, "text", table["text"].cast(pyarrow.string_view()))
    dictionary = table.set_column(at, "text", table["text"].dictionary_encode().combine_chunks())
    tables = [
        sliced,
        views,
        dictionary,
        table.to_reader(max_chunksize=77),
        table.cast(pyarrow.schema([field.with_type(_large(field.type)) for field in table.schema])),
        polars.DataFrame(table),
        pandas.DataFrame(columns),
        duckdb.from_arrow(table),
        table.to_pylist(),
    ]
    for other in tables:
        assert flong.find(other).clusters.to_arrow() == expected, type(other)


def _large(kind: pyarrow.DataType) -> pyarrow.DataType:
    return pyarrow.large_string() if pyarrow.types.is_string(kind) else kind


def test_threads_and_batches_change_nothing(columns):
    table = pyarrow.table(columns)
    expected = flong.clean(table)
    for threads, rows in [(1, 10_000), (3, 50), (2, 1)]:
        batches = pyarrow.Table.from_batches(table.to_batches(max_chunksize=rows))
        cleaned = flong.clean(batches, threads=threads)
        assert cleaned.table.to_arrow().combine_chunks() == expected.table.to_arrow().combine_chunks()
        assert cleaned.ledger.to_arrow() == expected.ledger.to_arrow()


def files(folder: pathlib.Path) -> dict[str, bytes]:
    """Return the files of a folder but its summary, which tells when and how long it ran."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "summary.json"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_a_folder_is_cleaned_and_restored(records, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, part in (("a", records[::2]), ("b", records[1::2])):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in part), encoding="utf8")
    cleaned = flong.clean("*.jsonl", out=tmp_path / "python")
    command("clean", "a.jsonl", "b.jsonl", "--out", "command")
    assert len(files(tmp_path / "python")) > 4
    assert files(tmp_path / "python") == files(tmp_path / "command")
    assert cleaned.summary["cleaned"]["dropped"] > 0
    names = cleaned.restore(tmp_path / "again")
    assert names == ["a.jsonl", "b.jsonl"]
    for name in names:
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_settings_of_a_file_count(records, tmp_path):
    config = tmp_path / "flong.toml"
    config.write_text('grain = ["document"]\nlevel = "near"\n')
    result = flong.find(records, config=config)
    assert result.summary["parameters"]["grains"] == ["document"]
    assert flong.find(records, config=config, level="exact").summary["parameters"]["level"] == "exact"


def test_find_compares_with_others_as_the_command_does(records, command, tmp_path):
    new, old = records[::2], records[1::2]
    for name, part in (("new", new), ("old", old)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in part), encoding="utf8")
    flong.Index(tmp_path / "seen").add(old)
    options = ["--against", "old.jsonl", "--index", "seen", "--ignore", "FL103"]
    command("find", "new.jsonl", "--out", "out", *options)
    expected = lines(tmp_path / "out" / "matches.jsonl")
    assert expected and len(expected) < len(flong.find(records, ignore="FL103").matches)
    options = {"index": tmp_path / "seen", "ignore": "FL103"}
    paths = flong.find(tmp_path / "new.jsonl", against=tmp_path / "old.jsonl", **options)
    table = flong.find(new, against=old, **options)
    for result in (table, paths):
        assert [(row["a"], row["b"], row["kind"]) for row in result.matches.to_pylist()] == [
            (line["a"]["document"], line["b"]["document"], line["kind"]) for line in expected
        ]
        assert as_clusters(result.clusters) == of_command(tmp_path / "out" / "clusters.jsonl")
        seen = [{**row, "similarity": pytest.approx(row["similarity"], abs=1e-4)} for row in result.seen.to_pylist()]
        assert lines(tmp_path / "out" / "seen.jsonl") == seen
    assert flong.find(new).seen is None
    with pytest.raises(flong.UsageError, match="paths are compared with paths"):
        flong.find(tmp_path / "new.jsonl", against=old)


@pytest.mark.parametrize("options", [{}, {"ignore": "FL102"}, {"against": True}])
def test_check_reports_what_the_command_reports(records, command, tmp_path, monkeypatch, options):
    monkeypatch.chdir(tmp_path)
    for name, part in (("new", records[::2]), ("old", records[1::2])):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in part), encoding="utf8")
    new, old = "new.jsonl", "old.jsonl"
    ignored = options.get("ignore")
    arguments = [*(("--ignore", ignored) if ignored else ()), *(("--against", old) if "against" in options else ())]
    report = command("check", new, "--output-format", "json", *arguments, expected=1).stdout
    expected = [json.loads(line) for line in report.splitlines()]
    assert len(expected) > 5
    paths = flong.check(new, ignore=ignored, against=old if "against" in options else None)
    table = flong.check(records[::2], ignore=ignored, against=records[1::2] if "against" in options else None)
    assert not paths.ok and not table.ok
    found = paths.findings.to_pylist()
    assert {row["path"] for row in found} == {new}
    for row, line in zip(found, expected):
        for name in ("rule", "severity", "path", "line", "column", "message", "fingerprint"):
            assert row[name] == line[name], name
    assert len(found) == len(expected)
    # A table has no lines, and rows instead of them.
    def told(row):
        return (row["document"], row["rule"], row["start"], row["end"], row["text"], row["severity"], row["fails"])

    assert sorted(map(told, found)) == sorted(map(told, table.findings.to_pylist()))
    assert all(records[::2][row["row"]]["id"] == row["document"] for row in table.findings.to_pylist())


def test_what_passes_a_check_is_added_to_an_index(records, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records[:20]), encoding="utf8")
    checked = flong.check(path, index=tmp_path / "seen", update=True)
    failing = {row["document"] for row in checked.findings.to_pylist() if row["fails"]}
    assert failing
    assert flong.Index(tmp_path / "seen").info()["items"] == 20 - len(failing)
    with pytest.raises(flong.UsageError, match="index= is for paths"):
        flong.check(records, index=tmp_path / "seen")
