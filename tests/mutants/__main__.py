"""`python -m tests.mutants --count 200`: kill rate of random mutants, survivors by name.

Exits with 1 when fewer than 95 % are killed. `--changed REV` takes only files changed since REV,
`--reach FILE` keeps in a file which tests run which line, and reads it where it is there.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.nearest import ROOT, tests_near
from tests.mutants.operators import Mutant, mutant, places
from tests.mutants.reach import FOLDERS as MEASURED
from tests.mutants.reach import Reach
from tests.patience import patience

FOLDERS = ("core", "service/jobs")
COPIED = ("core", "service", "tests", "openapi", "docs", "pyproject.toml", "README.md")
REACHING, OF_A_FILE = 40, 8
"""Tests that run first, and how many of them a test file may have."""
MORE = 300
"""Further tests that run the line."""
NEAR = 6
"""Test files that run whole after them: near the module, and not known to miss its line."""
OTHERS = ("tests/service/test_", "tests/contract/")
AT_ONCE = 2
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


def is_killed(copy: Path, path: Path, changed: Mutant, reach: Reach) -> bool:
    """Whether a test fails on the mutant: one that runs the line, or any in files near it."""
    relative = path.relative_to(ROOT)
    original = (copy / relative).read_text(encoding="utf-8")
    (copy / relative).write_text(changed.source, encoding="utf-8")
    try:
        module = ".".join(relative.with_suffix("").parts)
        reaching = reach.tests(path, changed.line, module)
        first = some_of_each_file(reaching)
        more = [test for test in reaching if test not in first][:MORE]
        near = [str(test.relative_to(ROOT)) for test in tests_near(module, MORE)]
        others = [
            file for file in near if file.startswith(OTHERS if reaching else (*MEASURED, *OTHERS))
        ]
        stages = (first, more, others[:NEAR])
        return any(fails(copy, some) for some in stages if some)
    finally:
        (copy / relative).write_text(original, encoding="utf-8")


def some_of_each_file(tests: list[str]) -> list[str]:
    """The first tests, at most `OF_A_FILE` of each file."""
    taken: Counter[str] = Counter()
    chosen = []
    for test in tests:
        file = test.partition("::")[0]
        taken[file] += 1
        if taken[file] <= OF_A_FILE:
            chosen.append(test)
    return chosen[:REACHING]


def fails(copy: Path, tests: list[str]) -> bool:
    """Whether any of the tests fails, or hangs, in the copy; each of them has to be there."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTHONPATH": str(copy), "CI": "true"}
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=patience(LONGEST_SECONDS),
        )
    except subprocess.TimeoutExpired:
        return True
    if "ERROR: not found:" in done.stderr:
        raise SystemExit(f"the map of tests is old: {done.stderr}")
    return done.returncode != 0


def copied(folder: Path) -> Path:
    """A copy of what tests need, in which files may be changed."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changed", metavar="REV")
    parser.add_argument("--reach", metavar="FILE", type=Path)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - which mutants, no secret
    files = modules(options.changed)
    found = [(path, place) for path in files for place in places(path.read_text("utf-8"))]
    chosen = [
        (path, mutant(path.read_text("utf-8"), place))
        for path, place in chance.sample(found, min(options.count, len(found)))
    ]
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        reach = Reach(options.reach or Path(folder) / "reach")
        if not (options.reach and options.reach.exists()):
            reach.measure()
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            copies.put(copied(Path(folder) / str(number)))

        def judge(path: Path, changed: Mutant) -> bool:
            copy = copies.get()
            try:
                return is_killed(copy, path, changed, reach)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            judged = {pool.submit(judge, *one): one for one in chosen}
            for number, done in enumerate(as_completed(judged), 1):
                path, changed = judged[done]
                place = f"{path.relative_to(ROOT)}:{changed.line}"
                print(  # noqa: T201
                    f"{number:4} {'killed  ' if done.result() else 'SURVIVED'} {place}  "
                    f"{changed.change}",
                    flush=True,
                )
                if not done.result():
                    survivors.append(place)
    rate = 1 - len(survivors) / max(1, len(chosen))
    print(f"{len(chosen)} of {len(found)} mutants, seed {options.seed}: {rate:.1%} killed")  # noqa: T201
    return 0 if rate >= LEAST_KILLED else 1


if __name__ == "__main__":
    sys.exit(main())
