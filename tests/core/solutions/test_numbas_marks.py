"""Sheets as Numbas exams: the same numbers, and marks that agree with /check.

The marker of Numbas is in no package registry: with NUMBAS as the folder of a copy of its
repository (and node) the tests run it; `make numbas-marks NUMBAS=…` compares 1,000 sheets.
"""

import json
import math
from decimal import ROUND_HALF_UP, Decimal

import numbas_marks
import pytest
from jsonschema import Draft202012Validator

from core.solutions.exercises.formats.answers import answers
from core.solutions.exercises.formats.numbas.exam import HEADER, numbas_exam
from core.solutions.exercises.handout import Handout
from core.solutions.rounding import plain

SHEETS = [Handout(task, 11 + number) for number, task in enumerate(numbas_marks.TASKS)]
EACH = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.code)
RUNTIME = numbas_marks.runtime()
needs_runtime = pytest.mark.skipif(RUNTIME is None, reason="there is no Numbas here (NUMBAS)")


def question_of(sheet):
    text = numbas_exam([sheet])
    assert text.startswith(HEADER)
    exam = json.loads(text.removeprefix(HEADER))
    return exam["question_groups"][0]["questions"][0]


@EACH
def test_every_number_is_a_part_that_later_parts_take_over(sheet):
    question, asked = question_of(sheet), answers(sheet)
    assert [part["customName"] for part in question["parts"]] == [one.name for one in asked]
    for number, part in enumerate(question["parts"]):
        replaced = [(one["variable"], one["part"]) for one in part["variableReplacements"]]
        assert replaced == [(one.name, f"p{i}") for i, one in enumerate(asked[:number])]
    assert {part["variableReplacementStrategy"] for part in question["parts"]} == {"originalfirst"}


@EACH
def test_the_definitions_give_the_numbers_of_the_key(sheet):
    """JME's arithmetic is Python's but for powers and `if`: each definition is evaluated."""
    values = evaluated(question_of(sheet)["variables"])
    for answer in answers(sheet):
        room = answer.tolerance + 1e-9
        assert values[answer.name] == pytest.approx(float(answer.value), abs=room), answer.name
        assert values[f"u_{answer.name}"] == 0


def evaluated(variables):
    """Every variable, in the order of the file, which is that of the derivation."""
    names = {"exp": math.exp, "tanh": math.tanh, "floor": math.floor, "abs": abs}
    names |= {
        "ln": math.log,
        "log": math.log10,
        "min": smallest,
        "max": largest,
        "choose": lambda test, yes, no: yes if test else no,
        "precround": round_half_up,
        "siground": round_significant,
    }
    for name, variable in variables.items():
        source = variable["definition"].replace("^", "**").replace("if(", "choose(")
        names[name] = eval(source, {"__builtins__": {}}, names)  # noqa: S307 - ours
    return names


def smallest(*values):
    return min(values[0] if isinstance(values[0], list) else values)


def largest(*values):
    return max(values[0] if isinstance(values[0], list) else values)


def round_half_up(value, digits):
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def round_significant(value, digits):
    return float(f"{value:.{digits}g}")


@needs_runtime
def test_numbas_marks_honest_answers_as_right():
    jobs = [
        {"exam": numbas_exam([sheet]), "answers": [plain(one.value) for one in answers(sheet)]}
        for sheet in SHEETS
    ]
    assert all(
        credit == 1 for row in numbas_marks.marked_by_numbas(RUNTIME, jobs) for credit in row
    )


@needs_runtime
def test_numbas_and_check_mark_a_slip_and_what_follows_alike():
    tally, differing = numbas_marks.compared(RUNTIME, numbas_marks.sheets_with_slips(6))
    assert tally["/check wrong"] > 0
    assert tally["/check follows"] > 0
    assert len(differing) <= 0.005 * tally.total(), differing


@needs_runtime
def test_the_exam_fits_the_schema_of_numbas():
    schema = (RUNTIME / "schema" / "exam_schema.10.0.json").read_text()
    exam = json.loads(numbas_exam(SHEETS).removeprefix(HEADER))
    Draft202012Validator(json.loads(schema)).validate(exam)
