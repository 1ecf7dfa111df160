"""flong.spark on Spark Connect. Needs PySpark 4 with what its clients need, and Java 17."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("pyspark", minversion="4", reason="PySpark 4 is not installed: Spark Connect is not tested")
pytest.importorskip("grpc_status", reason="pyspark[connect] is not installed: Spark Connect is not tested")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Java is not installed: Spark Connect is not tested", allow_module_level=True)

from same_as_command import assert_same, frame, records
from test_spark import pytestmark as pytestmark


def test_clean_is_that_of_the_command_line(spark, expected, tmp_path):
    frame(spark, records(), 2).write.parquet(str(tmp_path / "in"))
    # A process has a Spark in it or speaks to one, never both.
    client = Path(__file__).with_name("spark_connect_client.py")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYSPARK_GATEWAY", "SPARK_"))}
    environment["PYSPARK_PYTHON"] = sys.executable
    done = subprocess.run([sys.executable, client, tmp_path], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert_same({path.name: spark.read.parquet(str(path)) for path in tmp_path.iterdir() if path.name != "work"}, expected)
