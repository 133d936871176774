"""The folder tree: small folders, one purpose each, no catch-all names, and imports one way."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "service")
MAX_FILES = 12
CATCH_ALL = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}


def modules():
    return [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "versions" not in path.parts  # a migration per release, in their order
    ]


FOLDERS = sorted({path.parent.relative_to(ROOT) for path in modules()})


def test_the_packages_are_found():
    assert len(FOLDERS) > 30
    assert len(modules()) > 300


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_a_folder_has_few_files_and_says_what_it_is_for(folder):
    files = {path.name for path in (ROOT / folder).glob("*.py")}
    assert "__init__.py" in files
    assert len(files - {"__init__.py"}) <= MAX_FILES
    if folder.name not in {"migrations", "versions"}:
        first = (ROOT / folder / "__init__.py").read_text(encoding="utf-8").lstrip()
        assert first.startswith('"""'), f"{folder} has no docstring"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_and_no_folder_is_a_catch_all(path):
    names = {*path.relative_to(ROOT).parent.parts, path.stem}
    assert not names & CATCH_ALL


def test_no_two_test_files_are_the_same_module():
    # pytest imports a file by its name alone where its folder is no package.
    loose = [
        path.name
        for path in (ROOT / "tests").rglob("test_*.py")
        if not (path.parent / "__init__.py").exists()
    ]
    assert sorted(loose) == sorted(set(loose))
