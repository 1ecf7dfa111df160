"""Counts of parts make the same knowledge as those of the whole, and it removes what cleaning the corpus removes."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT, corpus

import flong

REPORTS = [
    "The ferry ran aground.",
    "Maize prices rose again on Monday.",
    "Four pupils are left at the school of Hollin.",
    "Rain delayed the cup final by two hours.",
    "Divers inspected the third pier of the bridge.",
    "No wool was sold at the autumn fair.",
]


@pytest.fixture(scope="module")
def records():
    """The articles of the repository, documents with boilerplate, and some of a source that ends all in one line."""
    lines = [line for path in sorted((ROOT / "corpus" / "boilerplate").rglob("*.jsonl")) for line in path.read_text(encoding="utf8").splitlines()]
    footed = [{"source": "press", "text": f"{report}\n\nPrinted on our own press."} for report in REPORTS]
    return [{**record, "id": f"{n}"} for n, record in enumerate([*corpus(), *map(json.loads, lines), *footed])]


def counted(records, parts, first=None):
    """Count records by parts, each by another process as it were, and return what is known."""
    total = flong.Counts(first)
    for part in reversed(range(parts)):
        start, end = (len(records) * at // parts for at in (part, part + 1))
        counts = flong.Counts(first)
        counts.observe(records[start:end], start=start)
        total.merge(flong.Counts.from_bytes(counts.to_bytes()))
    return flong.Knowledge.from_counts(total)


@pytest.fixture(scope="module")
def knowledge(records):
    return counted(records, 3, counted(records, 3))


def test_it_removes_the_boilerplate_that_cleaning_removes(records, knowledge):
    cleaned = flong.clean(records, only="FL2")
    expected = {row["id"]: row["text"] for row in cleaned.table.to_pylist()}
    removed = [line for line in cleaned.ledger.to_pylist() if line["action"] == "removed" and line["rule"] != "FL206"]
    assert {"FL201", "FL202", "FL203", "FL204"} == {line["rule"] for line in removed}
    stripped = knowledge.strip(records)
    texts = {record["id"]: one.text for record, one in zip(records, stripped)}
    assert {name: texts[name] for name in expected} == expected
    assert all(not text.strip() for name, text in texts.items() if name not in expected)
    pieces = [(piece.rule, piece.evidence) for one in stripped for piece in one.removed]
    assert sorted(pieces) == sorted((line["rule"], line["reason"]) for line in removed)


def test_parts_do_not_matter(records, knowledge):
    assert knowledge.to_bytes() == counted(records, 1, counted(records, 1)).to_bytes()
    again = flong.Knowledge.from_bytes(knowledge.to_bytes())
    assert (again.round, knowledge.round) == (2, 2)
    assert again.strip(records) == knowledge.strip(records)


def test_mistakes_are_told(records, knowledge):
    first = flong.Counts()
    first.observe(records[:5])
    with pytest.raises(flong.UsageError, match="added to themselves"):
        first.merge(first)
    twice = flong.Counts.from_bytes(first.to_bytes())
    twice.merge(first)
    with pytest.raises(flong.UsageError, match="two documents have the number 0"):
        flong.Knowledge.from_counts(twice)
    known = flong.Knowledge.from_counts(first)
    with pytest.raises(flong.UsageError, match="count the documents a second time"):
        known.strip(records)
    with pytest.raises(flong.UsageError, match="both rounds are over"):
        flong.Counts(knowledge)
    second = flong.Counts(known)
    with pytest.raises(flong.UsageError, match="round 1 do not go with counts of round 2"):
        second.merge(first)
    second.observe(records[1:5], start=1)
    with pytest.raises(flong.UsageError, match="other documents than the first"):
        flong.Knowledge.from_counts(second)
    sent = flong.Counts.from_bytes(second.to_bytes())
    with pytest.raises(flong.UsageError, match="can only be merged"):
        sent.observe(records[:1])
    with pytest.raises(flong.UsageError, match="they are counts"):
        flong.Knowledge.from_bytes(first.to_bytes())
    with pytest.raises(flong.UsageError, match="damaged"):
        flong.Counts.from_bytes(first.to_bytes()[:-1])
    with pytest.raises(TypeError, match="from_counts"):
        flong.Knowledge()


def test_rows_without_a_text_are_skipped(knowledge):
    with pytest.warns(flong.SkippedWarning, match="1 skipped: without a text"):
        flong.Counts().observe([None, "The ferry ran aground."])
    assert [one and one.text for one in knowledge.strip([None, "The ferry ran aground."])] == [None, "The ferry ran aground."]
