"""How runs behave: progress, interrupts, other threads, memory, the command."""

from __future__ import annotations

import json
import multiprocessing
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

import pyarrow
import pyarrow.parquet
import pytest
from conftest import WIRE

import flong


def texts(count: int) -> list[str]:
    """Make texts of words of their own, some of which are alike."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghijklmnop", k=7)) for _ in range(5000)]
    sentences = [" ".join(chance.choices(words, k=12)).capitalize() + "." for _ in range(3000)]
    return [" ".join(chance.choices(sentences, k=12)) for _ in range(count)]


def test_progress_is_told_stage_by_stage():
    told: list[tuple[str, int, int]] = []
    flong.find(texts(6000), progress=lambda *state: told.append(state))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages[-1] == "done" and told[-1] == ("done", 6000, 6000)
    assert len(stages) > 2 and set(stages) <= {"read", "count", "profile", "propose", "verify", "cluster", "done"}
    assert all(done <= total for _, done, total in told if total)


def test_a_bar_is_drawn(capfd):
    flong.find(texts(2000), progress=True)
    assert "documents" in capfd.readouterr().err


def test_an_exception_of_progress_ends_the_run():
    def fail(stage: str, done: int, total: int) -> None:
        raise ZeroDivisionError(stage)

    with pytest.raises(ZeroDivisionError):
        flong.find(texts(6000), progress=fail)
    assert flong.find([WIRE, WIRE]).matches.num_rows > 0, "the next run is as if nothing had been"


def test_other_threads_run_meanwhile():
    seen, stop = 0, threading.Event()

    def count() -> None:
        nonlocal seen
        while not stop.is_set():
            seen += 1
            time.sleep(0.002)

    thread = threading.Thread(target=count)
    thread.start()
    start = time.monotonic()
    flong.find(texts(4000))
    took = time.monotonic() - start
    stop.set()
    thread.join()
    assert seen > took / 0.002 / 20, f"{seen} times in {took:.1f} s"


def test_runs_side_by_side_give_the_same():
    expected = flong.find([WIRE, WIRE], grain="document").clusters.to_pylist()
    found: list[object] = []
    run = lambda: found.append(flong.find([WIRE, WIRE], grain="document", threads=2).clusters.to_pylist())  # noqa: E731
    threads = [threading.Thread(target=run) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert found == [expected] * 4


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_a_forked_process_runs_too():
    flong.find([WIRE, WIRE])
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(_matches, ([WIRE, WIRE],)) > 0


def _matches(data: list[str]) -> int:
    return flong.find(data).matches.num_rows


INTERRUPTED = """
import sys, time, flong
sys.path.insert(0, {tests!r})
from test_running import texts
data = texts(60_000)
if {out!r}:
    import json, pathlib
    path = pathlib.Path({out!r}).with_suffix(".jsonl")
    path.write_text("".join(json.dumps({{"text": text}}) + "\\n" for text in data))
print("begins", flush=True)
try:
    flong.clean(path, out={out!r}) if {out!r} else flong.find(data)
    print("ended", flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("files", [False, True])
@pytest.mark.parametrize("after", [0.3, 1.5])
def test_an_interrupt_ends_a_run_within_a_second(tmp_path, files, after):
    out = str(tmp_path / "out") if files else ""
    script = INTERRUPTED.format(tests=str(pathlib.Path(__file__).parent), out=out)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    answer = process.stdout.readline()
    took = time.monotonic() - start
    process.wait(timeout=60)
    process.stdout.close()
    if answer == "ended\n":
        pytest.skip("the run was over before")
    assert answer == "interrupted\n"
    assert took < 1, f"{took:.2f} s"
    assert not pathlib.Path(out or tmp_path / "none").exists()
    assert [path for path in tmp_path.iterdir() if path.suffix != ".jsonl"] == []


def test_little_memory_gives_the_same(tmp_path):
    data = texts(3000)
    expected = flong.clean(data)
    cleaned = flong.clean(data, memory="64M", temp_dir=tmp_path)
    assert cleaned.table.to_arrow() == expected.table.to_arrow()
    assert cleaned.ledger.to_arrow() == expected.ledger.to_arrow()
    assert list(tmp_path.iterdir()) == []


# Prints how much memory a run takes beside a table at its peak, in times of the texts.
BESIDE = """
import pathlib
import pyarrow
import flong
from test_running import texts

def memory(which):
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(which))

data = texts(20000)
length = sum(map(len, data))
table = pyarrow.table({"text": data})
flong.find(["The ferry ran aground on Tuesday evening."] * 2)
pathlib.Path("/proc/self/clear_refs").write_text("5")
before = memory("VmRSS")
found = flong.find(table)
print((memory("VmHWM") - before) / length)
assert found.matches.to_arrow() == flong.find(table, memory="16G").matches.to_arrow()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell")
def test_a_run_takes_no_multiple_of_a_table():
    here = pathlib.Path(__file__).parent
    told = subprocess.run([sys.executable, "-c", BESIDE], cwd=here, capture_output=True, text=True, check=True)
    assert float(told.stdout) < 2.0, told.stdout


def test_a_stream_is_cleaned_into_a_folder(tmp_path):
    data = [WIRE, f"By Our Reporter, Aldermoor\n\n{WIRE}", *texts(500)]
    table = pyarrow.table({"n": list(range(len(data))), "text": data})
    cleaned = flong.clean(table.to_reader(max_chunksize=64), out=tmp_path / "out", memory="64M", temp_dir=tmp_path)
    written = pyarrow.parquet.read_table(tmp_path / "out" / "documents.parquet")
    # The ids that flong made are written, to join its outputs on.
    assert written.drop_columns(["id"]) == flong.clean(table).table.to_arrow()
    assert cleaned.summary["cleaned"]["dropped"] == 1
    [name] = cleaned.restore(tmp_path / "again")
    assert pyarrow.parquet.read_table(tmp_path / "again" / name) == table
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "out"]


def test_a_stream_is_not_held(tmp_path):
    data = texts(4000)
    before = pyarrow.total_allocated_bytes()

    def batches():
        for start in range(0, len(data), 100):
            assert pyarrow.total_allocated_bytes() - before < 1 << 20, "batches are held"
            yield pyarrow.record_batch({"text": data[start : start + 100]})

    expected = flong.find(data)
    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema({"text": pyarrow.string()}), batches())
    found = flong.find(reader, memory="64M", temp_dir=tmp_path)
    assert found.matches.to_arrow() == expected.matches.to_arrow()
    assert found.clusters.to_arrow() == expected.clusters.to_arrow()
    assert found._repr_html_() == expected._repr_html_()
    assert list(tmp_path.iterdir()) == []


def test_the_command_is_the_command_line(command, tmp_path):
    assert command("--version").stdout.split() == ["flong", flong.__version__]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({"id": i, "text": WIRE}) + "\n" for i in range(2)))
    assert "FL101" in command("check", "in.jsonl", expected=1).stdout
    assert "error:" in command("find", "missing.jsonl", expected=2).stderr
    assert "unexpected argument" in command("find", "--colour", expected=2).stderr
    module = subprocess.run([sys.executable, "-m", "flong", "--version"], capture_output=True, text=True, check=True)
    assert module.stdout.split() == ["flong", flong.__version__]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_an_interrupt_ends_the_command(tmp_path):
    data = texts(60_000)
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in data))
    program = pathlib.Path(sys.executable).with_name("flong")
    process = subprocess.Popen([program, "clean", "in.jsonl", "--out", "out"], cwd=tmp_path, stderr=subprocess.PIPE)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, said = process.communicate(timeout=30)
    assert process.returncode in (0, 130) and time.monotonic() - start < 1
    assert b"Traceback" not in said
    if process.returncode == 130:
        assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
