"""The README and docs/ show what the service and the library really do."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread

from service.settings import Settings
from tests.acceptance.documents import (
    BLOCK,
    CHANGES_FROM_RUN_TO_RUN,
    DOCUMENTS,
    OMITTED,
    PICTURES,
    PYTHON,
    ROOT,
    abridge,
    format_answer,
    parse_answer,
    run_commands,
    run_python,
)
from tests.acceptance.server import running

README = ROOT / "README.md"
PAGES = sorted({*DOCUMENTS, *ROOT.glob("*.md"), *ROOT.glob("benchmarks/*.md")})
CODE_PATH = re.compile(
    r"`((?:core|service|tests|openapi|observe|benchmarks|docs)/[\w/.-]+|test_\w+\.py)`"
)
WITH_COMMANDS = [document for document in DOCUMENTS if BLOCK.search(document.read_text())]
WITH_PYTHON = [document for document in DOCUMENTS if PYTHON.search(document.read_text())]


def assert_alike(shown: Any, got: Any, place: str = "") -> None:
    """Equal, except for names and times of a run, the last digits and what is omitted."""
    if isinstance(shown, dict) and isinstance(got, dict):
        keys = [key for key in shown if key != OMITTED]
        if OMITTED in shown:
            assert len(got) > len(keys), place
            got = {key: got[key] for key in list(got)[: len(keys)]}
        assert keys == list(got), place
        for key in set(keys) - CHANGES_FROM_RUN_TO_RUN:
            assert_alike(shown[key], got[key], f"{place}/{key}")
    elif isinstance(shown, list) and isinstance(got, list):
        if shown[-1:] == [OMITTED]:
            assert len(got) >= len(shown), place
            shown, got = shown[:-1], got[: len(shown) - 1]
        assert len(shown) == len(got), place
        for index, (expected, actual) in enumerate(zip(shown, got, strict=True)):
            assert_alike(expected, actual, f"{place}/{index}")
    elif isinstance(shown, float):
        assert got == pytest.approx(shown, rel=1e-6, abs=1e-12), place
    else:
        assert shown == got, place


def assert_same_picture(made: Path, committed: Path) -> None:
    """A drawing byte for byte; an image of pixels but for the last digits of what it shows."""
    if made.suffix == ".svg":
        assert made.read_bytes() == committed.read_bytes()
    else:
        pixels, expected = imread(made), imread(committed)
        assert pixels.shape == expected.shape
        assert np.mean(np.abs(pixels - expected)) < 0.002


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with running(tmp_path_factory.mktemp("service")) as address:
        yield address


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=lambda path: path.name)
def test_every_command_prints_what_its_document_shows(document, address, tmp_path):
    text = document.read_text()
    outputs = run_commands(text, address, tmp_path)
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) == len(outputs)
    for block, output in zip(blocks, outputs, strict=True):
        if block["kind"] == "json":
            assert_alike(parse_answer(block["answer"]), json.loads(output), block["command"])
        elif block["kind"] == "text":
            assert block["answer"].strip() == output.strip()
    for picture in tmp_path.iterdir():
        assert_same_picture(picture, PICTURES / picture.name)


@pytest.mark.parametrize("document", WITH_PYTHON, ids=lambda path: path.name)
def test_the_python_of_a_document_prints_what_the_document_shows(document):
    assert run_python(document)


def test_the_client_of_another_project_prints_what_the_page_shows(address, tmp_path, capsys):
    pytest.importorskip("tritonclient.http", reason="tritonclient[http] is not installed")
    text = (ROOT / "docs" / "tables.md").read_text()
    run_commands(text, address, tmp_path)
    (code,) = re.findall(r"```py\n(.*?)```", text, re.DOTALL)
    code_here = code.replace("127.0.0.1:8000", address.removeprefix("http://"))
    exec(compile(code_here, "tables.md", "exec"), {})  # noqa: S102 - the repository's own
    assert capsys.readouterr().out.strip() == code.rpartition("# ")[2].strip()


def test_an_omission_is_read_compared_and_written():
    answer = {"a": [1.0, 2.0, 3.0], "b": [{"c": 1, "d": 2}], "e": 3}
    shown = parse_answer('{"a": [1.0, …], "b": [{"c": 1, …}],\n  …\n}')
    assert_alike(shown, answer)
    assert abridge(answer, shown) == shown
    assert parse_answer(format_answer(shown)) == shown
    for wrong in (
        {**answer, "a": [2.0, 2.0]},
        {**answer, "b": [{"d": 2, "c": 1}]},
        {"a": [1.0, 2.0]},
    ):
        with pytest.raises(AssertionError):
            assert_alike(shown, wrong)
    with pytest.raises(AssertionError):
        assert_alike(parse_answer('{"e": 3, …}'), {"e": 3})


def test_the_readme_fits_on_a_page():
    assert len(README.read_text().splitlines()) <= 130


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_to_a_file_and_a_heading(document):
    for target in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", document.read_text()):
        path, _, anchor = "".join(target).partition("#")
        if path.startswith("http"):
            continue
        file = document.parent / path if path else document
        assert file.exists(), target
        if anchor:
            assert anchor in map(_anchor, re.findall(r"^#+ (.*)$", file.read_text(), re.M)), target


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_every_path_of_a_document_exists(document):
    for name in CODE_PATH.findall(document.read_text()):
        if name.startswith("test_"):
            assert list((ROOT / "tests").rglob(name)), name
        else:
            assert (ROOT / name).exists() or (ROOT / f"{name}.py").exists(), name


def test_ten_questions_are_answered_by_paths():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    answers = re.findall(r"^\| [^|]+\? \| `([^`]+)` \|$", text, re.MULTILINE)
    assert len(set(answers)) == 10
    assert {answer for answer in answers if not (ROOT / answer).exists()} == set()


def listed(tree: str) -> set[str]:
    """The paths of a tree that is written with two spaces per level, some of them on one line."""
    paths: set[str] = set()
    parents: list[str] = []
    for line in tree.splitlines():
        level = (len(line) - len(line.lstrip())) // 2
        names = re.split(r",? ", re.split(r" {2,}", line.strip())[0])
        paths |= {"".join([*parents[:level], name]) for name in names}
        parents[level:] = [names[0]]
    return paths


def test_the_tree_in_the_architecture_is_that_of_the_repository():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    paths = listed(re.search(r"```text\n(core/.*?)```", text, re.DOTALL)[1])
    assert {path for path in paths if not (ROOT / path).exists()} == set()
    assert all((ROOT / path).is_dir() == path.endswith("/") for path in paths)
    folders = [path for top in ("core", "service") for path in (ROOT / top).iterdir()]
    packages = {str(path.relative_to(ROOT)) for path in folders if list(path.glob("*.py"))}
    assert {f"{package}/" for package in packages} - paths == set()


def _anchor(heading: str) -> str:
    """The fragment that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


SETTING = re.compile(r"^\| `CHAINRULE_(\w+)` \| (.+?) \| .+ \|$", re.MULTILINE)


def test_every_setting_has_a_row_with_its_default():
    rows = SETTING.findall((ROOT / "docs" / "configuration.md").read_text())
    fields = Settings.model_fields
    assert sorted(name.lower() for name, _ in rows) == sorted(fields)
    for name, shown in rows:
        default = fields[name.lower()].default
        if default == "":
            assert shown == "(empty)"
        elif isinstance(default, int | float) and not isinstance(default, bool):
            assert float(shown.strip("`").replace("_", "")) == default
        else:
            assert shown.strip("`") == str(default)


# A row of a table: what, formula, Python expression, the numbers printed on the sheet.
PRINTED = re.compile(r"^\| [^|]+ \| [^|]+ \| `([^`]+)` \| ([^|]*\d\.\d[^|]*) \|$", re.MULTILINE)
SHEET = ROOT / "docs" / "exercise-sheet.md"


@pytest.mark.parametrize(("expression", "numbers"), PRINTED.findall(SHEET.read_text()))
def test_every_digit_printed_on_the_sheet_holds(expression, numbers):
    computed = eval(expression, run_python(SHEET))  # noqa: S307 - the repository's own
    printed = re.findall(r"-?\d+\.\d+", numbers.replace("\N{MINUS SIGN}", "-"))
    assert len(printed) == computed.size
    for number, digits in zip(computed.ravel(), printed, strict=True):
        decimals = len(digits.partition(".")[2])
        assert f"{number:.{decimals}f}" == digits


def test_the_sheet_prints_nine_quantities():
    assert len(PRINTED.findall(SHEET.read_text())) == 9
