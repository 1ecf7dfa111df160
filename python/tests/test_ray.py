"""flong on Ray Data finds and cleans what it does of a table."""

from __future__ import annotations

import pytest

import flong

pa = pytest.importorskip("pyarrow")
ray = pytest.importorskip("ray", reason="Ray is not installed: flong.ray is not tested")
import ray.data

import flong.ray

# Ray leaves sockets and processes to the garbage collector, and warns of what it will change.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def cluster():
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    yield
    ray.shutdown()


@pytest.fixture
def table(columns):
    lines = list(range(len(columns["id"])))
    return pa.table({**columns, "line": lines})


@pytest.mark.parametrize("blocks", [1, 2, 7])
def test_blocks_change_nothing(cluster, table, blocks, tmp_path):
    data = ray.data.from_arrow(table).repartition(blocks)
    assert data.materialize().num_blocks() == blocks
    found = flong.ray.find(data)
    expected = flong.find(table)
    assert found.clusters.to_arrow() == expected.clusters.to_arrow()
    assert found.matches.to_arrow() == expected.matches.to_arrow()
    cleaned = flong.ray.clean(data, out=tmp_path / "out")
    wanted = flong.clean(table).table.to_arrow()
    assert wanted.num_rows < table.num_rows
    assert whole(cleaned) == wanted.combine_chunks()


def whole(data):
    return pa.concat_tables(data.iter_batches(batch_size=None, batch_format="pyarrow")).combine_chunks()


def test_rows_in_another_order_are_sorted(cluster, table, tmp_path):
    data = ray.data.from_arrow(table).repartition(3).random_shuffle(seed=1)
    assert data.take(20) != table.slice(0, 20).to_pylist()
    cleaned = flong.ray.clean(data, out=tmp_path / "out", order="line", grain="document", memory="1G")
    assert whole(cleaned) == flong.clean(table, grain="document").table.to_arrow().combine_chunks()
    assert not data.context.execution_options.preserve_order


def test_rows_that_are_none_are_told(cluster, tmp_path):
    data = ray.data.from_arrow(pa.table({"id": ["a", "b"], "text": ["The ferry ran aground on Tuesday.", None]}))
    with pytest.warns(flong.SkippedWarning, match="the text is null"):
        assert flong.ray.find(data).summary["skipped"] == 1
    with pytest.raises(flong.UsageError, match="there is no column txet"):
        flong.ray.find(data, text="txet")
    with pytest.raises(flong.UsageError, match="has no rows"):
        flong.ray.find(ray.data.from_items([]))
