"""The test files nearest to a module, by the import graph."""

import re
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
IMPORT = re.compile(r"^\s*(?:from ([\w.]+) import ([\w, ()]+)|import ([\w.]+))", re.MULTILINE)
TOO_FAR = 99
UNSEEN = 3
"""Kernels are loaded by functions while they run: their tests are those in the mirrored folder."""


@cache
def graph() -> grimp.ImportGraph:
    """All imports among the modules of core and service."""
    return grimp.build_graph("core", "service", cache_dir=None)


@cache
def imported_by(test: Path) -> frozenset[str]:
    """The modules of core and service that a test file imports."""
    names: set[str] = set()
    for package, members, module in IMPORT.findall(test.read_text(encoding="utf-8")):
        names |= {module, package}
        names |= {f"{package}.{member.strip(' ()')}" for member in members.split(",")}
    return frozenset(names & graph().modules)


def distance(test: Path, module: str) -> int:
    """How many imports lead from the test to the module; a file of its name is nearest."""
    ways = [
        len(graph().find_shortest_chain(start, module) or [None] * TOO_FAR)
        for start in imported_by(test)
        if start != module
    ]
    nearest = 0 if module in imported_by(test) else min(ways, default=TOO_FAR)
    *package, name = module.split(".")
    folder = test.relative_to(ROOT / "tests").parent.parts
    if len(folder) > 2 and folder == tuple(package[: len(folder)]):
        nearest = min(nearest, UNSEEN)
    return nearest + 2 - (folder == tuple(package)) - (test.stem == f"test_{name}")


def tests_near(module: str, at_most: int) -> list[Path]:
    """The nearest test files, nearest first; those from which nothing leads there are left out."""
    tests = sorted((ROOT / "tests").rglob("test_*.py"))
    ranked = sorted((distance(test, module), str(test), test) for test in tests)
    return [test for far, _, test in ranked[:at_most] if far < TOO_FAR]
