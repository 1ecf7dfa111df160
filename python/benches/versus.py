"""Compares flong with the deduplication packages of PyPI: time, peak memory and pair F1, on one file.

    python benches/versus.py DOCUMENTS.jsonl PAIRS.tsv [--runs 3] [--only flong,rensa]

DOCUMENTS has a field `id` and a field `text`; PAIRS has columns `a`, `b` and `label`: S for copies, R for rewordings (left out),
anything else for different texts. Each tool runs in a process of its own, by the path that its documentation shows, from texts
in memory to clusters. It runs at its usual setting and at a loose one, at which it finds more. Time is that of the best run, of
the work alone, on the clock and of the processors; peak memory is that of the process, less what it had before the work began. Packages that are not installed are
left out.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import multiprocessing
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

Clusters = Iterable[Iterable[int]]


def grams(text: str, n: int) -> list[str]:
    words = text.lower().split()
    return [" ".join(words[i : i + n]) for i in range(max(1, len(words) - n + 1))]


def joined(pairs: Iterable[tuple[int, int]]) -> Clusters:
    """Join pairs to clusters."""
    parent: dict[int, int] = {}

    def root(item: int) -> int:
        while parent.setdefault(item, item) != item:
            parent[item] = item = parent[parent[item]]
        return item

    for a, b in pairs:
        parent[root(a)] = root(b)
    found = defaultdict(list)
    for item in list(parent):
        found[root(item)].append(item)
    return found.values()


def flong(data: Any, **options: Any) -> Clusters:
    import flong

    members = flong.find(data, **options).clusters.to_pylist()
    found = defaultdict(list)
    for member in members:
        if member["grain"] == "document" and member["kind"] != "template":
            found[member["cluster"]].append(member["row"])
    return found.values()


def table(records: list[dict[str, Any]]) -> Any:
    """Return all that is known of the documents: flong reads sources, dates and titles too."""
    import pyarrow

    return pyarrow.Table.from_pylist(records)


def texts(records: list[dict[str, Any]]) -> list[str]:
    return [record["text"] for record in records]


def rensa(texts: list[str], n: int, threshold: float) -> Clusters:
    from rensa import RMinHash, RMinHashLSH

    sketches = RMinHash.from_token_sets([grams(text, n) for text in texts], num_perm=128, seed=42)
    index = RMinHashLSH(threshold=threshold, num_perm=128, num_bands=bands(threshold))
    index.insert_many(sketches)
    alike = index.query_all(sketches)
    return joined((i, j) for i, keys in enumerate(alike) for j in keys if i < j and sketches[i].jaccard(sketches[j]) >= threshold)


def rensa_flags(texts: list[str], n: int, threshold: float) -> Clusters:
    """Rensa's fastest path, which says which texts are duplicates, and not of what."""
    from rensa import RMinHash, RMinHashLSH

    matrix = RMinHash.digest_matrix_from_token_sets_rho([grams(text, n) for text in texts], num_perm=128, seed=42)
    RMinHashLSH(threshold=threshold, num_perm=128, num_bands=bands(threshold)).query_duplicate_flags_matrix_one_shot(matrix)
    return []


def bands(threshold: float) -> int:
    """Return the bands of 128 places, of 4 to 32, whose threshold is nearest."""
    return min((4, 8, 16, 32), key=lambda count: abs((1 / count) ** (count / 128) - threshold))


def datasketch(texts: list[str], n: int, threshold: float) -> Clusters:
    from datasketch import MinHash, MinHashLSH

    tokens = ([gram.encode() for gram in grams(text, n)] for text in texts)
    sketches = MinHash.bulk(tokens, num_perm=128)
    index = MinHashLSH(threshold=threshold, num_perm=128)
    with index.insertion_session() as session:
        for key, sketch in enumerate(sketches):
            session.insert(key, sketch)
    return joined((i, j) for i, sketch in enumerate(sketches) for j in index.query(sketch) if i < j)


def gaoya(texts: list[str], n: int, threshold: float) -> Clusters:
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(
        hash_size=32, jaccard_threshold=threshold, num_hashes=128, num_bands=None, band_size=None, analyzer="word",
        lowercase=True, ngram_range=(n, n),
    )
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    return joined((i, j) for i, found in enumerate(index.par_bulk_query(texts)) for j in found if i < j)


def daft(data: Any, n: int, threshold: float) -> Clusters:
    """Signatures and bands as in daft's tutorial; its connected components are replaced by a faster union."""
    import daft
    import numpy
    from daft.functions import minhash

    frame = daft.from_arrow(data)
    frame = frame.with_column("signature", minhash(daft.col("text"), num_hashes=128, ngram_size=n, seed=42))
    rows = frame.select("signature").to_arrow()["signature"].combine_chunks()
    matrix = rows.flatten().to_numpy(zero_copy_only=False).reshape(-1, 128)
    count = bands(threshold)
    pairs = []
    for band in numpy.split(matrix, count, axis=1):
        buckets: dict[bytes, int] = {}
        for row, key in enumerate(map(bytes, numpy.ascontiguousarray(band))):
            first = buckets.setdefault(key, row)
            if first != row and (matrix[first] == matrix[row]).mean() >= threshold:
                pairs.append((first, row))
    return joined(pairs)


def text_dedup(texts: list[str], n: int, threshold: float) -> Clusters:
    """The program of text-dedup, which reads a file and writes the index of each cluster's first text."""
    import datasets

    with tempfile.TemporaryDirectory() as folder:
        datasets.Dataset.from_dict({"text": texts}).save_to_disk(f"{folder}/in")
        command = [sys.executable, "-m", "text_dedup.minhash", "--path", f"{folder}/in", "--local", "--split", "train"]
        command += ["--cache_dir", f"{folder}/cache", "--output", f"{folder}/out", "--column", "text", "--num_proc", "2"]
        command += ["--ngram", str(n), "--threshold", str(threshold), "--num_perm", "128", "--debug"]
        start = time.perf_counter()
        subprocess.run(command, check=True, cwd=folder, capture_output=True)
        took["seconds"] = time.perf_counter() - start
        import pickle

        with open(f"{folder}/out/uf.pkl", "rb") as file:
            union = pickle.load(file)
        found = defaultdict(list)
        for i in range(len(texts)):
            found[union.find(i)].append(i)
        return [cluster for cluster in found.values() if len(cluster) > 1]


took: dict[str, float] = {}

#: By tool: its function, what it is given, and its settings.
TOOLS: dict[str, tuple[Callable[..., Clusters], Callable[[list[dict[str, Any]]], Any], dict[str, dict[str, Any]]]] = {
    "flong": (flong, table, {"usual": {"grain": "document"}, "near": {"grain": "document", "level": "near"}}),
    "rensa": (rensa, texts, {"usual": {"n": 5, "threshold": 0.7}, "loose": {"n": 2, "threshold": 0.4}}),
    "rensa (flags)": (rensa_flags, texts, {"words": {"n": 1, "threshold": 0.8}, "usual": {"n": 5, "threshold": 0.7}}),
    "datasketch": (datasketch, texts, {"usual": {"n": 5, "threshold": 0.7}, "loose": {"n": 2, "threshold": 0.4}}),
    "gaoya": (gaoya, texts, {"usual": {"n": 5, "threshold": 0.7}, "loose": {"n": 2, "threshold": 0.4}}),
    "daft": (daft, table, {"usual": {"n": 5, "threshold": 0.7}, "loose": {"n": 2, "threshold": 0.4}}),
    "text-dedup": (text_dedup, texts, {"usual": {"n": 5, "threshold": 0.7}, "loose": {"n": 2, "threshold": 0.4}}),
}
MODULES = {"rensa (flags)": "rensa", "text-dedup": "text_dedup"}


def peak() -> int:
    """Return the peak memory of this process and of those that it started, in bytes."""
    return 1024 * max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def processor() -> float:
    """Return the processor time of this process and of those that it started, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(of.ru_utime + of.ru_stime for of in used)


def work(tool: str, setting: str, documents: str, results: Any) -> None:
    """Run a tool once, in a process of its own."""
    with open(documents, encoding="utf8") as lines:
        records = [json.loads(line) for line in lines]
    run, prepare, settings = TOOLS[tool]
    data = prepare(records)
    before, used, start = peak(), processor(), time.perf_counter()
    clusters = run(data, **settings[setting])
    seconds = took.get("seconds", time.perf_counter() - start)
    used, memory = processor() - used, peak() - before
    results.put((seconds, used, memory, [[records[row]["id"] for row in cluster] for cluster in clusters]))


def score(clusters: list[list[str]], pairs: str) -> float:
    """Return the F1 of copies."""
    of = defaultdict(set)
    for number, cluster in enumerate(clusters):
        for document in cluster:
            of[document].add(number)
    right = wrong = missed = 0
    with open(pairs, encoding="utf8") as lines:
        for pair in csv.DictReader(lines, delimiter="\t"):
            together = bool(of[pair["a"]] & of[pair["b"]])
            if pair["label"] == "S":
                right += together
                missed += not together
            elif pair["label"] != "R":
                wrong += together
    return 2 * right / max(1, 2 * right + wrong + missed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("documents")
    parser.add_argument("pairs")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default=",".join(TOOLS))
    arguments = parser.parse_args()
    size = pathlib.Path(arguments.documents).stat().st_size
    print(f"{arguments.documents}, {size / 1e6:.0f} MB; best of {arguments.runs}\n")
    print(f"| {'tool':<14} | {'setting':<36} | seconds | of CPU | peak memory | pair F1 |")
    print(f"|{'-' * 16}|{'-' * 38}|--------:|-------:|------------:|--------:|")
    start = multiprocessing.get_context("spawn")
    for tool in arguments.only.split(","):
        try:
            importlib.import_module(MODULES.get(tool, tool))
        except ImportError:
            print(f"{tool} is not installed", file=sys.stderr)
            continue
        for setting, options in TOOLS[tool][2].items():
            results = []
            for _ in range(arguments.runs):
                queue = start.Queue()
                process = start.Process(target=work, args=(tool, setting, arguments.documents, queue))
                process.start()
                results.append(queue.get())
                process.join()
            seconds, used, memory, clusters = min(results, key=lambda result: result[0])
            told = f"{setting}: " + ", ".join(f"{name} {value}" for name, value in options.items())
            f1 = f"{score(clusters, arguments.pairs):.3f}" if clusters else "-"
            print(f"| {tool:<14} | {told:<36} | {seconds:>7.2f} | {used:>6.2f} | {memory / 1e6:>8.0f} MB | {f1:>7} |", flush=True)


if __name__ == "__main__":
    main()
