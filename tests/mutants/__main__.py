"""`python -m tests.mutants --count 200`: kill rate of random mutants, survivors by name.

Exits with 1 when fewer than 95 % are killed. `--changed REV` takes only files changed since REV.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.nearest import ROOT, tests_near
from tests.mutants.operators import Mutant, mutants
from tests.patience import patience

FOLDERS = ("core", "service/jobs")
COPIED = ("core", "service", "tests", "openapi", "docs", "pyproject.toml", "README.md")
NEAR, FAR = 4, 14
LONGEST_SECONDS = 300
LEAST_KILLED = 0.95


def modules(changed_since: str | None) -> list[Path]:
    """The files to mutate: all, or those changed since a revision."""
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    files = [
        path for path in files if path.name != "__init__.py" and "migrations" not in path.parts
    ]
    if changed_since:
        command = ["git", "diff", "--name-only", changed_since]
        output = subprocess.check_output(command, cwd=ROOT, text=True)
        names = {ROOT / line for line in output.splitlines()}
        files = [path for path in files if path in names]
    return sorted(files)


def is_killed(copy: Path, path: Path, mutant: Mutant) -> bool:
    """Whether the nearest tests fail on the mutant, first a few, then further ones."""
    relative = path.relative_to(ROOT)
    original = (copy / relative).read_text(encoding="utf-8")
    (copy / relative).write_text(mutant.source, encoding="utf-8")
    try:
        module = ".".join(relative.with_suffix("").parts)
        tests = [str(test.relative_to(ROOT)) for test in tests_near(module, FAR)]
        return any(fails(copy, some) for some in (tests[:NEAR], tests[NEAR:]) if some)
    finally:
        (copy / relative).write_text(original, encoding="utf-8")


def fails(copy: Path, tests: list[str]) -> bool:
    """Whether any of the test files fails, or hangs, in the copy."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTHONPATH": str(copy), "CI": "true"}
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=patience(LONGEST_SECONDS),
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changed", metavar="REV")
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - which mutants, no secret
    files = modules(options.changed)
    found = [(path, mutant) for path in files for mutant in mutants(path.read_text("utf-8"))]
    chosen = chance.sample(found, min(options.count, len(found)))
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copy / name)
            else:
                shutil.copy(ROOT / name, copy / name)
        for number, (path, mutant) in enumerate(chosen, 1):
            killed = is_killed(copy, path, mutant)
            place = f"{path.relative_to(ROOT)}:{mutant.line}"
            print(f"{number:4} {'killed  ' if killed else 'SURVIVED'} {place}  {mutant.change}")  # noqa: T201
            sys.stdout.flush()
            if not killed:
                survivors.append(place)
    rate = 1 - len(survivors) / max(1, len(chosen))
    print(f"{len(chosen)} of {len(found)} mutants, seed {options.seed}: {rate:.1%} killed")  # noqa: T201
    return 0 if rate >= LEAST_KILLED else 1


if __name__ == "__main__":
    sys.exit(main())
