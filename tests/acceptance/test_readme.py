"""A newcomer who types what the README says sees what the README shows."""

import json
import re
from typing import Any

import pytest

from service.settings import Settings
from tests.acceptance.readme import BLOCK, README, run_commands
from tests.acceptance.server import running

CHANGES_FROM_RUN_TO_RUN = {"id", "created_at", "started_at", "finished_at"}


def assert_alike(shown: Any, got: Any, place: str = "") -> None:
    """Equal, but for names and times of a run and the last digits of numbers."""
    if isinstance(shown, dict) and isinstance(got, dict):
        assert list(shown) == list(got), place
        for key in shown.keys() - CHANGES_FROM_RUN_TO_RUN:
            assert_alike(shown[key], got[key], f"{place}/{key}")
    elif isinstance(shown, list) and isinstance(got, list):
        assert len(shown) == len(got), place
        for index, (one, other) in enumerate(zip(shown, got, strict=True)):
            assert_alike(one, other, f"{place}/{index}")
    elif isinstance(shown, float):
        assert got == pytest.approx(shown, rel=1e-6, abs=1e-12), place
    else:
        assert shown == got, place


def test_every_command_of_the_readme_answers_what_the_readme_shows(tmp_path):
    text = README.read_text()
    with running(tmp_path) as address:
        outputs = run_commands(text, address)
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) == len(outputs) > 10
    for block, output in zip(blocks, outputs, strict=True):
        if block["kind"] == "json":
            assert_alike(json.loads(block["answer"]), json.loads(output), block["command"])
        elif block["kind"] == "text":
            assert block["answer"].strip() == output.strip()


def test_the_python_of_the_readme_runs():
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - it is our own README
    assert names["trained"].sizes == (2, 16, 1)
    assert names["result"].gradients[0].weights.shape == (16, 2)


def test_every_setting_has_its_line_in_the_readme():
    rows = re.findall(r"^\| `CHAINRULE_(\w+)` \| (.*?) \|", README.read_text(), re.MULTILINE)
    assert [name.lower() for name, _ in rows] == list(Settings.model_fields)
