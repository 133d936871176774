"""Exercise sheets as Moodle XML: a cloze question per sheet, or a numerical question per number.

A wrong number that a known mistake leads to gets the mistake's sentence as feedback. Moodle Docs,
"Moodle XML format" and "Embedded Answers (Cloze) question type".
"""

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from core.solutions.exercises.formats.answers import Answer, answers
from core.solutions.exercises.formats.fragment import fragment, inline
from core.solutions.exercises.handout import Handout
from core.solutions.exercises.marking_scheme import total_points
from core.solutions.rounding import plain

RIGHT = "Right."
_CONTROL = re.compile(r"([\\}#~/\"])")


def moodle_cloze(sheets: Sequence[Handout]) -> str:
    """A question bank to import: one question per sheet, with a gap for each number."""
    return _quiz(map(_cloze, sheets))


def moodle_numerical(sheets: Sequence[Handout]) -> str:
    """A question bank to import: a category per sheet, one question per number."""
    return _quiz(one for sheet in sheets for one in _numerical(sheet))


def _quiz(questions: Iterator[str]) -> str:
    body = "\n".join(questions)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{body}\n</quiz>\n'


def _cloze(sheet: Handout) -> str:
    lines = [f"<p>{inline(answer.symbol)} = {_gap(answer)}</p>" for answer in answers(sheet)]
    text = "\n".join((fragment(sheet.exercise.task), *lines))
    name = f"{sheet.heading} ({sheet.code})"
    return _question("cloze", name, text, total_points(sheet.exercise.scheme))


def _gap(answer: Answer) -> str:
    right = f"={plain(answer.value)}:{answer.tolerance:.7g}#{RIGHT}"
    wrong = (
        f"%0%{plain(value)}:{answer.tolerance:.7g}#{_CONTROL.sub(_escaped, sentence)}"
        for value, sentence in answer.mistakes
    )
    return f"{{{answer.weight}:NUMERICAL:{'~'.join((right, *wrong))}}}"


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[1]}"


def _numerical(sheet: Handout) -> Iterator[str]:
    category = escape(f"$course$/top/{sheet.heading.replace('/', '//')} ({sheet.code})")
    yield f'<question type="category"><category><text>{category}</text></category></question>'
    task = fragment(sheet.exercise.task)
    for answer in answers(sheet):
        text = f"{task}\n<p>{inline(answer.symbol)} = ?</p>"
        pairs = [(100, answer.value, RIGHT)]
        pairs += [(0, value, sentence) for value, sentence in answer.mistakes]
        options = "\n".join(
            f'<answer fraction="{fraction}"><text>{plain(value)}</text>'
            f"<tolerance>{answer.tolerance:.7g}</tolerance>"
            f'<feedback format="html"><text>{escape(escape(sentence))}</text></feedback></answer>'
            for fraction, value, sentence in pairs
        )
        yield _question("numerical", f"{sheet.code} {answer.name}", text, answer.weight, options)


def _question(kind: str, name: str, text: str, grade: int, options: str = "") -> str:
    return (
        f'<question type="{kind}">\n'
        f"<name><text>{escape(name)}</text></name>\n"
        f'<questiontext format="html"><text>{escape(text)}</text></questiontext>\n'
        '<generalfeedback format="html"><text></text></generalfeedback>\n'
        f"<defaultgrade>{grade}</defaultgrade>\n<penalty>0</penalty>\n{options}\n"
        "</question>"
    )
