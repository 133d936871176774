"""Which tests run a line, by one run with coverage."""

import os
import subprocess
import sys
from functools import cached_property
from pathlib import Path

from coverage import CoverageData

from tests.mutants.nearest import ROOT, distance

FOLDERS = ("tests/core", "tests/service/jobs")
"""The tests that run in one process what they test."""


class Reach:
    """The tests that run each line of core and service."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def measure(self) -> None:
        """Run the tests in this process and its workers, and note which test runs which line."""
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider"]
        command += ["--cov=core", "--cov=service", "--cov-context=test", "--cov-report=", *FOLDERS]
        surroundings = os.environ | {"COVERAGE_FILE": str(self._file)}
        subprocess.run(command, cwd=ROOT, env=surroundings, check=True)

    @cached_property
    def _data(self) -> CoverageData:
        data = CoverageData(str(self._file))
        data.read()
        if not any(file.startswith(f"{ROOT}{os.sep}") for file in data.measured_files()):
            raise SystemExit(f"{self._file} was measured in another folder than {ROOT}")
        return data

    def tests(self, path: Path, line: int, module: str) -> list[str]:
        """The tests that run the line, nearest first.

        Of a line that runs when its module is imported, those that run any other line of the
        module.
        """
        contexts = self._data.contexts_by_lineno(str(path))
        found = _names(contexts.get(line, []))
        if not found:
            found = _names([name for names in contexts.values() for name in names])
        return sorted(found, key=lambda name: (self._distance(name, module), name))

    def _distance(self, name: str, module: str) -> int:
        return distance(ROOT / name.partition("::")[0], module)


def _names(contexts: list[str]) -> set[str]:
    """The tests among the contexts of coverage, which are a test and a phase: `file::test|run`."""
    return {name.rpartition("|")[0] for name in contexts if name.endswith("|run")}
