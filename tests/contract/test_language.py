"""Plain technical English: a private vocabulary stands neither in code nor in documents."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("core", "service", "tests", "benchmarks", "docs")

PLAIN = {
    "anew": "again",
    "anybody|everybody|nobody|somebody|whoever": "the actor: the caller, the client, a process",
    "as one likes": "any number of",
    "at hand": "available",
    "besides": "also, in addition",
    "doors?": "middleware, endpoint",
    "for ever": "permanently, in every release",
    "in no time": "quickly",
    "just what": "what",
    "knows": "has, contains, supports",
    "lets? go|letting go": "release",
    "looked at|looks": "read, evaluated, checked; seems",
    "mere": "only",
    "of ours": "of this service",
    "so many": "this many, at most N",
    "tells?|told": "return, show; given",
    "that there (?:is|are)": "that exists",
    "to be had": "available",
    "under way": "running",
}
"""Words and phrases to avoid, and what to write in their place."""

ALLOWED = {
    ("core/export/network/npz.py", "tell"),  # the method of files
    ("tests/service/jobs/postgresql_server.py", "nobody"),  # the user of Unix systems
}

WORD = re.compile(
    r"\b(?:{})\b".format("|".join(PLAIN).replace(" ", r"\s+(?:#\s+)?")), re.IGNORECASE
)


def texts():
    found = [
        path
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".md") and path != Path(__file__)
    ]
    return [*sorted(found), *sorted(ROOT.glob("*.md")), ROOT / "openapi/openapi.json"]


def offences(text):
    """Line and word of everything to avoid, also where a phrase is broken into two lines."""
    return [
        (text.count("\n", 0, match.start()) + 1, " ".join(match.group().lower().split()))
        for match in WORD.finditer(text)
    ]


def advice(word):
    return next(plain for avoid, plain in PLAIN.items() if re.fullmatch(avoid, word))


def test_code_and_documents_are_in_plain_english():
    paths = texts()
    assert len(paths) > 600
    wrong = [
        f"{name}:{line}: {word!r}: {advice(word)}"
        for path in paths
        for name in [str(path.relative_to(ROOT))]
        for line, word in offences(path.read_text(encoding="utf-8"))
        if (name, word) not in ALLOWED
    ]
    assert not wrong, "\n".join(wrong)


def test_every_exception_is_needed():
    for name, word in ALLOWED:
        assert word in [found for _, found in offences((ROOT / name).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("text", ["a job of\nours", "# it lets\n# go", "Nobody", "they tell"])
def test_a_phrase_is_found_wherever_it_stands(text):
    assert len(offences(text)) == 1


@pytest.mark.parametrize("text", ["numbers", "a merely local knowledge", "outdoors", "foretell"])
def test_other_words_are_not(text):
    assert not offences(text)


def test_a_module_that_names_a_task_says_where_the_exercise_sheet_is():
    for package in ("core", "service"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "sheet's" not in text, path
            if re.search(r"\bTask [1-9]\b", text):
                assert "docs/exercise-sheet.md" in text, path
