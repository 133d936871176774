"""Exercise sheets as PrairieLearn questions: a folder with info.json and question.html for each.

PrairieLearn Docs, "Question configuration" and "pl-number-input element".
"""

import json
from collections.abc import Sequence
from html import escape
from uuid import NAMESPACE_URL, uuid5

from core.solutions.exercises.formats.answers import Answer, answers
from core.solutions.exercises.formats.archive import zipped
from core.solutions.exercises.formats.fragment import fragment, inline
from core.solutions.exercises.handout import Handout
from core.solutions.rounding import plain

_LEAST_TOLERANCE = 1e-9
"""Of an exact number, which is compared in binary."""


def question_folders(sheets: Sequence[Handout]) -> bytes:
    """A ZIP to unpack in the folder `questions` of a course: one folder per sheet."""
    files = []
    for sheet in sheets:
        files += [
            (f"{sheet.code}/info.json", _info(sheet)),
            (f"{sheet.code}/question.html", _question(sheet)),
        ]
    return zipped(files)


def _info(sheet: Handout) -> str:
    info = {
        # The same sheet keeps its identity when it is written again.
        "uuid": str(uuid5(NAMESPACE_URL, f"chainrule:exercises:{sheet.code}")),
        "title": sheet.heading,
        "topic": "Neural networks",
        "tags": ["chainrule", f"seed-{sheet.seed}"],
        "type": "v3",
    }
    return json.dumps(info, indent=2, ensure_ascii=False) + "\n"


def _question(sheet: Handout) -> str:
    inputs = "\n".join(map(_input, answers(sheet)))
    task = fragment(sheet.exercise.task)
    return f"<pl-question-panel>\n{task}\n</pl-question-panel>\n{inputs}\n"


def _input(answer: Answer) -> str:
    attributes = {
        "answers-name": answer.name,
        "correct-answer": plain(answer.value),
        "comparison": "relabs",
        "rtol": "0",
        "atol": f"{max(answer.tolerance, _LEAST_TOLERANCE):.9g}",
        "weight": str(answer.weight),
        "allow-fractions": "false",
        "custom-format": ".12g",
        "display": "block",
        "aria-label": answer.name,
    }
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f"<p>{inline(answer.symbol)} =</p>\n<pl-number-input {written}></pl-number-input>"
