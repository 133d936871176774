"""No formula and no body breaks a promise of its parser, as far as a guided search gets."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.security.coverage import seeds
from tests.security.coverage.judges import judge_body, judge_formula

JUDGES = {"formula": judge_formula, "body": judge_body}
RUNS = 10_000


@pytest.mark.parametrize("target", JUDGES)
def test_a_search_for_new_lines_finds_no_broken_promise(target, tmp_path):
    if find_spec("atheris") is None:
        pytest.skip("atheris is not installed: there is none for this machine")
    command = [sys.executable, "-m", "tests.security.coverage", target]
    search = subprocess.run(
        [*command, f"-runs={RUNS}", "-seed=1", f"-artifact_prefix={tmp_path}/"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONWARNINGS": "error::SyntaxWarning"},
        capture_output=True,
        text=True,
    )
    assert search.returncode == 0, search.stdout + search.stderr
    assert f"Done {RUNS} runs" in search.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", JUDGES)
def test_what_a_search_begins_with_breaks_no_promise(target):
    for data in seeds.INPUTS[target]:
        JUDGES[target](data)


@pytest.mark.parametrize("data", [b'{"a": 1, "a": 2}', b"[NaN]", b'{"x": Infinity}'])
def test_a_laxer_parser_is_found_out(data):
    with pytest.raises(AssertionError):
        judge_body(data, read=json.loads)
