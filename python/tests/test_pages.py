"""What docs/corpora.md shows runs as it stands: its settings, its commands and its query."""

from __future__ import annotations

import collections
import re
import shlex

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from conftest import ROOT

PAGE = ROOT / "docs" / "corpora.md"


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of the page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf8"), re.DOTALL | re.MULTILINE)


def shards(folder, records):
    """Write the articles as twenty tables with the nested columns that the page names."""
    for number in range(20):
        part = records[number::20]
        doc = [{"key": record["id"], "body": record["text"]} for record in part]
        meta = [
            {"site": record.get("source"), "published": record.get("date"), "title": record.get("title")} for record in part
        ]
        pq.write_table(pa.table({"doc": doc, "meta": meta}), folder / f"part-{number:03}.parquet")


def test_the_page_on_corpora_runs(tmp_path, command, records, monkeypatch):
    (tmp_path / "crawl").mkdir()
    shards(tmp_path / "crawl", records)
    (settings,) = blocks("toml")
    (tmp_path / "flong.toml").write_text(settings, encoding="utf8")
    commands = [line for block in blocks("console") for line in block.splitlines()]
    assert len(commands) >= 4
    for line in commands:
        assert line.startswith("$ flong "), line
        command(*shlex.split(line)[2:])
    assert len(list((tmp_path / "cleaned/documents/crawl").glob("*.parquet"))) == 20
    assert len(list((tmp_path / "back").rglob("*.parquet"))) == 20

    monkeypatch.chdir(tmp_path)
    (query,) = blocks("sql")
    found = duckdb.sql(query).fetchall()
    source = {record["id"]: record.get("source") for record in records}
    dropped = pq.read_table("cleaned/dropped.parquet").to_pylist()
    expected = collections.Counter((row["source"], source[row["kept"]]) for row in dropped if row["kept"])
    assert sum(expected.values()) > 20
    assert {(copier, copied): copies for copier, copied, copies in found} == dict(expected)
    assert [copies for *_, copies in found] == sorted(expected.values(), reverse=True)


def test_rows_without_an_id_get_one_that_joins(tmp_path, command, records, monkeypatch):
    """Of a table without ids, and with columns that only Arrow knows."""
    texts = [record["text"] for record in records]
    kinds = pa.array(["a", "b"] * (len(texts) // 2) + ["a"] * (len(texts) % 2)).dictionary_encode()
    table = pa.table({"text": pa.array(texts, pa.large_string()), "kind": kinds})
    pq.write_table(table, tmp_path / "in.parquet")
    command("clean", "in.parquet", "--out", "cleaned")
    monkeypatch.chdir(tmp_path)
    kept, dropped, rest = (pq.read_table(f"cleaned/{name}.parquet") for name in ("documents", "dropped", "rest"))
    assert kept.column_names == rest.column_names == ["text", "kind", "id"]
    assert kept["kind"].to_pylist()[:2] == ["a", "b"]
    assert sorted(dropped["id"].to_pylist()) == sorted(rest["id"].to_pylist())
    query = "SELECT count(*) FROM 'cleaned/dropped.parquet' AS d JOIN 'cleaned/documents.parquet' AS o ON d.kept = o.id"
    assert duckdb.sql(query).fetchall() == [(len(dropped),)]
    command("restore", "cleaned", "--out", "back")
    assert pq.read_table("back/in.parquet").equals(table)
