"""The modules of the page: their types agree, and a linter finds nothing.

`make test` installs TypeScript and oxlint beside the Python environment where there is npm.
"""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "service" / "static" / "page"
PROGRAMS = Path(sys.prefix) / "javascript" / "node_modules" / ".bin"
WRONG = """/** @param {number} x */
const half = (x) => x / 2;
export const three = half("6");
"""
IDLE = "export function f(x) { const y = x; return x; }\n"


@pytest.fixture
def run():
    """A function that runs a program of npm and returns its status and what it prints."""

    def run(name, *arguments):
        program = PROGRAMS / name
        if not program.exists():
            pytest.skip(f"{name} is not installed: there was no npm")
        done = subprocess.run(
            [program, *arguments], capture_output=True, text=True, check=False, timeout=300
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_types_agree(run, tmp_path):
    assert run("tsc", "--project", str(HERE / "tsconfig.json")) == (0, "")
    module = tmp_path / "wrong.js"
    module.write_text(WRONG)
    settings = ["--noEmit", "--allowJs", "--checkJs", "--target", "es2022"]
    status, said = run("tsc", *settings, str(module))
    assert status != 0
    assert "TS2345" in said


def test_the_linter_finds_nothing(run, tmp_path):
    settings = ["--config", str(HERE / "oxlint.json"), "--deny-warnings"]
    status, said = run("oxlint", *settings, "--ignore-pattern", "**/vendor/*.js", str(PAGE))
    assert status == 0, said
    module = tmp_path / "idle.js"
    module.write_text(IDLE)
    status, said = run("oxlint", *settings, str(module))
    assert status != 0
    assert "no-unused-vars" in said
