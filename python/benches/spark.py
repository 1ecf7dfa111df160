"""Holds flong.spark against the command line on a file, and tells what each stage costs.

    python benches/spark.py DOCUMENTS.jsonl [--partitions 1,2,7] [--no-comparison] [--max-known 0]

Cleans DOCUMENTS with the command and with flong.spark on `local[2]`, its rows shuffled, in each of the numbers of partitions, and says
whether matches, clusters, cleaned texts and ledger are equal. Then a table of the last run: by stage, bytes shuffled and bytes
written a document (by Spark's event log), and the CPU time of Spark and its Python processes. Exits with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from pyspark.sql import DataFrame, SparkSession

import flong.spark
from flong.spark._stages import Stages

#: What is compared of a match.
MATCH = ("a", "a_start", "a_end", "b", "b_start", "b_end", "grain", "kind", "cluster", "source", "source_by")

#: What is compared of a result.
Rows = Iterable[Any]


def lines(path: pathlib.Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf8") as file:
        yield from map(json.loads, file)


def place(piece: dict[str, Any]) -> tuple[Any, ...]:
    return (piece["document"], piece["start"], piece["end"])


def of_command(out: pathlib.Path) -> dict[str, Rows]:
    """Return what the command wrote, in the form that `of_spark` returns."""
    matches = (
        (*place(m["a"]), *place(m["b"]), m["grain"], m["kind"], m["cluster"], *source_of(m)) for m in lines(out / "matches.jsonl")
    )
    members = (
        (c["cluster"], c["grain"], c["kind"], n == 0, *place(member))
        for c in lines(out / "clusters.jsonl")
        for n, member in enumerate(c["members"])
    )
    documents = (json_of(row) for row in lines(out / "documents.jsonl"))
    ledger = (told(line, line["kept"] and line["kept"]["document"]) for line in lines(out / "ledger.jsonl"))
    return {"matches": matches, "clusters": members, "documents": documents, "ledger": ledger}


def json_of(row: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in row.items() if value is not None}, sort_keys=True)


def source_of(match: dict[str, Any]) -> tuple[Any, ...]:
    source = match.get("source") or {}
    return (source.get("text"), source.get("by"))


def told(line: dict[str, Any], kept: str | None) -> tuple[Any, ...]:
    return (*(line[name] for name in ("document", "start", "end", "text", "rule", "action", "reason")), kept)


def of_spark(cleaned: flong.spark.Cleaned) -> dict[str, Rows]:
    def rows(frame: DataFrame) -> Iterable[dict[str, Any]]:
        return (row for batch in frame.toArrow().to_batches() for row in batch.to_pylist())

    names = ("cluster", "grain", "kind", "representative", "document", "start", "end")
    return {
        "matches": (tuple(m[name] for name in MATCH) for m in rows(cleaned.result.matches)),
        "clusters": (tuple(row[name] for name in names) for row in rows(cleaned.result.clusters)),
        "documents": (json_of(row) for row in rows(cleaned.table)),
        "ledger": (told(row, row["kept"]) for row in rows(cleaned.ledger)),
    }


def counted(rows: Rows) -> Counter[bytes]:
    """Count rows by a hash of each, so that those of many documents fit in memory."""
    return Counter(hashed(row) for row in rows)


def hashed(row: Any) -> bytes:
    return hashlib.blake2b(repr(row).encode(), digest_size=16).digest()


def one_of(rows: Rows, hashes: Counter[bytes]) -> Any:
    """Return a row that has one of the hashes, if there is one."""
    return next((row for row in rows if hashed(row) in hashes), None)


class Cpu:
    """The CPU time of this process and of all that it started, also of those that have ended since: looked up every half second."""

    def __init__(self) -> None:
        self.seen: dict[tuple[int, str], float] = {}
        self.lock = threading.Lock()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            self.seconds()
            time.sleep(0.5)

    def seconds(self) -> float:
        parents, found = {}, {}
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            process = int(folder.name)
            parents[process] = int(fields[1])
            # Beside its number, when it was started.
            found[process] = (fields[19], sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK"))

        def is_ours(process: int | None) -> bool:
            while process and process != os.getpid():
                process = parents.get(process)
            return process is not None and process != 0

        with self.lock:
            for process, (started, seconds) in found.items():
                if is_ours(process):
                    self.seen[process, started] = seconds
            return sum(self.seen.values())


class Watched:
    """Names the jobs of each stage for the event log, and takes its time."""

    def __init__(self, spark: SparkSession, cpu_seconds: Callable[[], float]) -> None:
        self.cpu: dict[str, float] = defaultdict(float)
        self.clock: dict[str, float] = defaultdict(float)
        table, watched = Stages.table, self

        def observed(stages: Stages, name: str, make: Callable[[], DataFrame]) -> DataFrame:
            started = []

            def made() -> DataFrame:
                # A stage may need others, which are made here.
                frame = make()
                spark.sparkContext.setJobDescription(name)
                started.extend((cpu_seconds(), time.monotonic()))
                return frame

            done = table(stages, name, made)
            watched.cpu[name] += cpu_seconds() - started[0]
            watched.clock[name] += time.monotonic() - started[1]
            spark.sparkContext.setJobDescription("results")
            return done

        Stages.table = observed  # type: ignore[method-assign]


def bytes_of(log: pathlib.Path) -> dict[str, Counter[str]]:
    """Return the bytes that each stage shuffled and wrote, by the event log."""
    names: dict[int, str] = {}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for path in log.iterdir():
        for line in path.open(encoding="utf8"):
            event = json.loads(line)
            if event["Event"] == "SparkListenerJobStart":
                name = event["Properties"].get("spark.job.description", "results")
                names.update(dict.fromkeys(event["Stage IDs"], name))
            elif event["Event"] == "SparkListenerTaskEnd" and (metrics := event.get("Task Metrics")):
                stage = found[names[event["Stage ID"]]]
                stage["shuffled"] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
                stage["written"] += metrics["Output Metrics"]["Bytes Written"]
                stage["spilled"] += metrics["Disk Bytes Spilled"]
                stage["largest"] = max(stage["largest"], metrics["Shuffle Read Metrics"]["Remote Bytes Read"]
                                       + metrics["Shuffle Read Metrics"]["Local Bytes Read"])
    return found


def session(log: pathlib.Path, cores: int, memory: str) -> SparkSession:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.driver.memory": memory,
        "spark.driver.maxResultSize": "0",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": log.as_uri(),
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "8",
        # What is no longer read of what was shuffled is given back to the disk soon.
        "spark.cleaner.periodicGC.interval": "2min",
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master(f"local[{cores}]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=pathlib.Path)
    parser.add_argument("--partitions", default="1,2,7", help="numbers of partitions, a run each")
    parser.add_argument("--no-comparison", action="store_true", help="measure only")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--driver-memory", default="4g")
    parser.add_argument("--max-known", type=int, default=flong.spark.MAX_KNOWN, help="0: what is known is joined by key")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flong-bench-") as name:
        return run(arguments, pathlib.Path(name))


def run(arguments: argparse.Namespace, folder: pathlib.Path) -> int:
    numbered, log = folder / "in.jsonl", folder / "log"
    log.mkdir()
    records = [{**row, "line": line} for line, row in enumerate(lines(arguments.documents))]
    many = len(records)
    size = sum(len(row.get("text", "").encode()) for row in records) / many
    print(f"{arguments.documents.name}: {many:,} documents of {size:,.0f} bytes", flush=True)
    if not arguments.no_comparison:
        with numbered.open("w", encoding="utf8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in records)
    names = sorted({name for row in records for name in row})
    table = pa.table({name: [row.get(name) for row in records] for name in names})
    del records
    expected = None
    if not arguments.no_comparison:
        began = time.monotonic()
        command = [pathlib.Path(sys.executable).with_name("flong"), "clean", numbered, "--out", folder / "out", "--quiet"]
        subprocess.run(command, check=True)
        print(f"flong clean: {time.monotonic() - began:.0f} s", flush=True)
        expected = {what: counted(rows) for what, rows in of_command(folder / "out").items()}
    cpu_seconds = Cpu().seconds
    spark = session(log, arguments.cores, arguments.driver_memory)
    differs, watched = False, None
    for parts in map(int, arguments.partitions.split(",")):
        path = folder / f"{parts}"
        path.mkdir()
        shuffled = random.Random(parts).sample(range(many), many)
        for part in range(parts):
            rows = table.take(shuffled[part::parts])
            pyarrow.parquet.write_table(rows, path / f"{part}.parquet")
        # Only the last run is told by stage.
        if watched is None:
            watched = Watched(spark, cpu_seconds)
        watched.cpu.clear()
        watched.clock.clear()
        began, cpu = time.monotonic(), cpu_seconds()
        # The reader makes as many parts as the file was written in.
        spark.conf.set("spark.sql.files.openCostInBytes", str(1 << 40))
        data, work = spark.read.parquet(str(path)), folder / f"work-{parts}"
        cleaned = flong.spark.clean(data, order="line", work_dir=str(work), max_known=arguments.max_known)
        print(f"flong.spark.clean, {parts} partitions: {time.monotonic() - began:.0f} s, {cpu_seconds() - cpu:.0f} CPU s", flush=True)
        if expected is not None:
            for what, rows in of_spark(cleaned).items():
                found = counted(rows)
                equal = found == expected[what]
                differs |= not equal
                print(f"  {what}: {expected[what].total():,}, {'equal' if equal else 'DIFFERENT'}", flush=True)
                if not equal:
                    only = one_of(of_command(folder / "out")[what], expected[what] - found)
                    print("    only by the command:", only)
                    print("    only by Spark:", one_of(of_spark(cleaned)[what], found - expected[what]))
    spark.stop()
    work = folder / f"work-{arguments.partitions.rpartition(',')[2]}"
    for stage in ("first", "parts", "second", "titles", "slices", "title_slices"):
        sizes = [file.stat().st_size for file in (work / stage).glob("*.parquet")]
        if sizes:
            print(f"known after {stage}: {sum(sizes):,} bytes in all")
    runs = len(arguments.partitions.split(","))
    cost(bytes_of(log), watched, many, runs)
    return int(differs)


def cost(found: dict[str, Counter[str]], watched: Watched | None, documents: int, runs: int) -> None:
    print("| stage | CPU ms a document | s | shuffled, bytes a document | written, bytes a document | largest task reads, MB |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, cpu in (watched.cpu if watched else {}).items():
        stage = found[name]
        per = f"{stage['shuffled'] / documents / runs:,.0f} | {stage['written'] / documents / runs:,.0f}"
        print(f"| {name} | {cpu * 1000 / documents:.2f} | {watched.clock[name]:.0f} | {per} | {stage['largest'] / 1e6:.1f} |")
    own = [found[name] for name in watched.cpu] if watched else []
    total = Counter()
    for stage in own:
        total.update(shuffled=stage["shuffled"], written=stage["written"])
    seconds = sum(watched.cpu.values()) if watched else 0
    per = f"{total['shuffled'] / documents / runs:,.0f} | {total['written'] / documents / runs:,.0f}"
    print(f"| in all | {seconds * 1000 / documents:.2f} | {sum(watched.clock.values()):.0f} | {per} | |")


if __name__ == "__main__":
    sys.exit(main())
