"""What the documents show in Python runs."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT


@pytest.mark.parametrize("name", ["README.md", "docs/python.md"])
def test_examples_run(name, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / name).read_text(encoding="utf8"), re.MULTILINE | re.DOTALL)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, name, "exec"), names)  # noqa: S102
    printed = capsys.readouterr().out
    for said in re.findall(r"# (<flong.*>)", "\n".join(blocks)):
        assert said in printed
