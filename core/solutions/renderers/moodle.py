"""Exercise sheets as Moodle XML: one cloze question per sheet, a numerical gap per number.

The tolerance is the widest that the rounding leaves; Moodle Docs, "Embedded Answers (Cloze)".
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

import numpy as np

from core.solutions.exercises.handout import Handout
from core.solutions.exercises.marking_scheme import Points
from core.solutions.notation.tex import tex
from core.solutions.renderers.markdown import markdown
from core.solutions.rounding import plain

_ROUND_OFF = 1.0 + 1e-6


def moodle_xml(sheets: Sequence[Handout]) -> str:
    """A question bank to import, one question per sheet."""
    questions = "\n".join(map(_question, sheets))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{questions}\n</quiz>\n'


def _question(sheet: Handout) -> str:
    name = escape(f"{sheet.heading} ({sheet.code})")
    task = markdown(sheet.exercise.task)
    text = escape(f"{_with_tex(task)}\n\n" + "\n\n".join(_gaps(sheet)))
    return (
        '<question type="cloze">\n'
        f"<name><text>{name}</text></name>\n"
        f'<questiontext format="markdown"><text>{text}</text></questiontext>\n'
        '<generalfeedback format="markdown"><text></text></generalfeedback>\n'
        "</question>"
    )


def _with_tex(text: str) -> str:
    """Moodle's filter reads $$…$$ alone."""
    return text.replace("$$", "$").replace("$", "$$")


def _gaps(sheet: Handout) -> Iterator[str]:
    """A line per quantity of the scheme, its numbers as gaps."""
    worked = sheet.exercise.worked
    for line in sheet.exercise.scheme:
        if line.place in worked.printed:
            yield f"$${tex(line.symbol)}$$ = {_numbers(sheet, line)}"


def _numbers(sheet: Handout, line: Points) -> str:
    worked = sheet.exercise.worked
    printed, exact = worked.printed[line.place], worked.computed[line.place]
    gaps = []
    for index in np.ndindex(printed.shape):
        value: Decimal = printed.item(index)
        half = float(sheet.task.rounding.half_unit(np.float64(abs(value))))
        tolerance = 0.0 if value == exact.item(index) else half * _ROUND_OFF
        gaps.append(f"{{1:NUMERICAL:={plain(value)}:{tolerance:.3g}}}")
    return ", ".join(gaps)
