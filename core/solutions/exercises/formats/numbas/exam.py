"""The `.exam` file: a question per sheet, a number-entry part per number, adaptive marking.

A part is first marked with the right numbers; where its answer is wrong, again with the student's
earlier answers in the place of the variables of their parts ("error carried forward"). Numbas
documentation, "Exam and question files" and "Adaptive marking".
"""

import json
from collections.abc import Sequence
from typing import Any

from core.solutions.derivation.page import Page
from core.solutions.exercises.formats.answers import ROUND_OFF, Answer, answers
from core.solutions.exercises.formats.fragment import fragment, inline
from core.solutions.exercises.formats.numbas.quantities import SheetNumbers, bounds_of, rounded
from core.solutions.exercises.handout import Handout
from core.solutions.rounding import Rounding

HEADER = "// Numbas version: exam_results_page_options\n"
"""The first line of every file; the word names the version of the format."""
_SLACK = "10^-9"
"""Of a number that is compared in binary; to JME 1e-9 is a difference, e - 9."""


def numbas_exam(sheets: Sequence[Handout]) -> str:
    """An exam with a question per sheet."""
    exam = {
        "name": sheets[0].heading,
        "metadata": {"description": "", "licence": "None specified"},
        "duration": 0,
        "percentPass": 0,
        "showQuestionGroupNames": False,
        "shuffleQuestionGroups": False,
        "navigation": {"allowregen": False, "reverse": True, "browse": True},
        "timing": {"allowPause": True},
        "feedback": {},
        "contributors": [],
        "extensions": [],
        "custom_part_types": [],
        "resources": [],
        "question_groups": [
            {
                "name": "Sheets",
                "pickingStrategy": "all-ordered",
                "pickQuestions": 1,
                "questionNames": [""] * len(sheets),
                "variable_overrides": [[] for _ in sheets],
                "questions": [_question(sheet) for sheet in sheets],
            }
        ],
    }
    return HEADER + json.dumps(exam, indent=1, ensure_ascii=False) + "\n"


def _question(sheet: Handout) -> dict[str, Any]:
    asked = answers(sheet)
    variables: dict[str, Any] = {}
    for answer in asked:
        variables |= _variables(sheet, answer)
    return {
        "name": f"{sheet.heading} ({sheet.code})",
        "statement": fragment(sheet.exercise.task),
        "advice": "",
        "rulesets": {},
        "builtin_constants": {"e": True, "pi,π": True, "i": True, "j": False},
        "constants": [],
        "variables": variables,
        "variablesTest": {"condition": "", "maxRuns": 100},
        "ungrouped_variables": list(variables),
        "variable_groups": [],
        "functions": {},
        "preamble": {"js": "", "css": ""},
        "parts": [_part(sheet, answer, asked[:number]) for number, answer in enumerate(asked)],
        "partsMode": "all",
        "tags": ["chainrule"],
        "metadata": {"description": f"Sheet {sheet.code}", "licence": "None specified"},
        "type": "question",
    }


def _variables(sheet: Handout, answer: Answer) -> dict[str, Any]:
    """Of each number its bounds `l_`, `h_`, itself, and `u_`, how far it may be rounded."""
    name, rounding = answer.name, sheet.task.rounding
    bounds = bounds_of(_numbers(sheet), answer.place, answer.index)
    middle = f"(l_{name} + h_{name}) / 2"
    # Rounded numbers that are carried on are exact. Others are known up to half a unit, but for
    # the right ones, with which a part is marked first.
    carried = rounding.each_step
    unknown = f"abs({name} - c_{name}) + h_{name} - l_{name}"
    room = "0" if carried else f"if({unknown} < 10^-15, 0, {_half(rounding, name)})"
    definitions = {
        f"l_{name}": bounds.low,
        f"h_{name}": bounds.high,
        f"c_{name}": middle,
        name: rounded(rounding, f"c_{name}") if carried else f"c_{name}",
        f"u_{name}": room,
    }
    return {
        variable: {
            "name": variable,
            "group": "Ungrouped variables",
            "definition": definition,
            "description": "",
            "templateType": "anything",
            "can_override": False,
        }
        for variable, definition in definitions.items()
    }


def _numbers(sheet: Handout) -> SheetNumbers:
    question = sheet.exercise.question
    layers = getattr(question.get("network"), "layers", ())
    activations = tuple(layer.activation.name for layer in layers)
    return SheetNumbers(Page(sheet.exercise.worked, activations), str(question.get("loss", "")))


def _half(rounding: Rounding, number: str) -> str:
    """Half a unit of the last digit of a number."""
    if rounding.kind == "decimals":
        return f"(0.5 * 10^-{rounding.digits})"
    size = f"floor(log(max(abs({number}), {_SLACK})) + {_SLACK})"
    return f"(0.5 * 10^({size} - {rounding.digits - 1}))"


def _part(sheet: Handout, answer: Answer, before: Sequence[Answer]) -> dict[str, Any]:
    name = answer.name
    room = f"{_half(sheet.task.rounding, f'c_{name}')} * {ROUND_OFF} + {_SLACK}"
    return {
        "type": "numberentry",
        "useCustomName": True,
        "customName": name,
        "marks": answer.weight,
        "prompt": f"<p>{inline(answer.symbol)} =</p>",
        "minValue": f"l_{name} - ({room})",
        "maxValue": f"h_{name} + ({room})",
        "correctAnswerFraction": False,
        "allowFractions": False,
        "mustBeReduced": False,
        "mustBeReducedPC": 0,
        "notationStyles": ["plain", "en", "si-en"],
        "correctAnswerStyle": "plain",
        "showCorrectAnswer": True,
        "showFeedbackIcon": True,
        "scripts": {},
        "variableReplacements": [
            {"variable": one.name, "part": f"p{number}", "must_go_first": False}
            for number, one in enumerate(before)
        ],
        "variableReplacementStrategy": "originalfirst",
        "adaptiveMarkingPenalty": 0,
        "customMarkingAlgorithm": "",
        "extendBaseMarkingAlgorithm": True,
        "unitTests": [],
        "alternatives": [],
        "steps": [],
    }
