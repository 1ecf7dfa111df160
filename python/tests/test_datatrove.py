"""The steps for datatrove keep the texts that flong.clean keeps."""

from __future__ import annotations

import json

import pytest

import flong

pytest.importorskip("datatrove", reason="datatrove is not installed: flong.datatrove is not tested")
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from flong.datatrove import FlongClean, FlongFilter, FlongWriter

# Libraries under datatrove warn of what they will change.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def news(records, tmp_path):
    """Return a folder of three files."""
    folder = tmp_path / "news"
    folder.mkdir()
    for part in range(3):
        start, end = (len(records) * at // 3 for at in (part, part + 1))
        lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records[start:end]]
        (folder / f"{part}.jsonl").write_text("".join(lines), encoding="utf8")
    return folder


def run(tmp_path, tasks, *steps):
    executor = LocalPipelineExecutor(list(steps), tasks=tasks, workers=1, logging_dir=str(tmp_path / "logs" / str(id(steps))))
    return executor.run()


def rows(folder):
    """Return what a writer wrote, of all tasks."""
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf8").splitlines()]
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("tasks", [1, 2, 3, 5])
def test_texts_are_those_that_clean_keeps(records, news, tmp_path, tasks):
    seen, cleaned, out, gone = (str(tmp_path / name) for name in ("seen", "cleaned", "out", "gone"))
    run(tmp_path, tasks, JsonlReader(str(news)), FlongWriter(seen))
    run(tmp_path, 1, FlongClean(seen, cleaned, memory="1G"))
    excluded = JsonlWriter(gone, compression=None)
    written = JsonlWriter(out, compression=None)
    stats = run(tmp_path, tasks, JsonlReader(str(news)), FlongFilter(cleaned, exclusion_writer=excluded), written)
    expected = flong.clean(in_order(records, tasks)).table.to_pylist()
    assert {row["id"]: row["text"] for row in rows(tmp_path / "out")} == {row["id"]: row["text"] for row in expected}
    assert len(rows(tmp_path / "out")) == len(expected)
    dropped = [row["id"] for row in rows(tmp_path / "gone")]
    assert sorted(dropped) == sorted({record["id"] for record in records} - {row["id"] for row in expected})
    assert all(row["metadata"]["filter_reason"] == "repeated" for row in rows(tmp_path / "gone"))
    assert all(row["metadata"]["source"] for row in rows(tmp_path / "out")), "the metadata is as it was"
    assert stats.stats[1].stats["dropped"].total == len(dropped)


def in_order(records, tasks):
    """Return the records in the order in which tasks read them: a task has every so many-th of the three files."""
    parts = [records[len(records) * part // 3 : len(records) * (part + 1) // 3] for part in range(3)]
    return [record for task in range(tasks) for part in parts[task::tasks] for record in part]


def test_mistakes_are_told(news, tmp_path):
    seen, cleaned = str(tmp_path / "seen"), str(tmp_path / "cleaned")
    with pytest.raises(flong.UsageError, match="run FlongWriter"):
        list(FlongClean(seen, cleaned).run() or ())
    run(tmp_path, 3, JsonlReader(str(news)), FlongWriter(seen))
    with pytest.raises(flong.UsageError, match="tasks=1"):
        FlongClean(seen, cleaned).run(world_size=2)
    with pytest.raises(flong.UsageError, match="run FlongClean"):
        list(FlongFilter(cleaned).run(iter(())))
    FlongClean(seen, cleaned).run()
    reader = JsonlReader(str(news))
    for rank, other in ((0, 1), (2, 0)):
        with pytest.raises(flong.UsageError, match="reads other documents"):
            list(FlongFilter(cleaned).run(reader.run(rank=other, world_size=3), rank=rank, world_size=3))
    with pytest.raises(flong.UsageError, match="no documents of task 7"):
        list(FlongFilter(cleaned).run(reader.run(rank=0, world_size=8), rank=7, world_size=8))
