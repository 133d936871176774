"""Sheets with one planted slip each, marked by /check and by the runtime of Numbas."""

import json
import os
import shutil
import subprocess
from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np
from planting import handed_in_with

from core.conventions import Conventions
from core.solutions.checking.check import check
from core.solutions.checking.mistakes import SPECIFIC
from core.solutions.checking.verdict import Verdict
from core.solutions.exercises.formats.answers import answers
from core.solutions.exercises.formats.numbas.exam import numbas_exam
from core.solutions.exercises.handout import Handout
from core.solutions.exercises.network_task import NetworkTask
from core.solutions.exercises.relu_exercise import ReluTask
from core.solutions.rounding import Rounding, plain

MARKER = Path(__file__).with_name("numbas_marker.mjs")
GOOD = {Verdict.CORRECT, Verdict.COARSE, Verdict.FOLLOWS}
TASKS = [
    NetworkTask("backprop", (2, 3, 2), ("sigmoid", "sigmoid"), "squared", Rounding(3)),
    NetworkTask("update", (2, 2, 1), ("tanh", "sigmoid"), "binary_cross_entropy", Rounding(4)),
    NetworkTask(
        "update",
        (2, 2, 2),
        ("leaky_relu", "identity"),
        "squared",
        Rounding(3, mode="each_step"),
    ),
    NetworkTask(
        "backprop",
        (3, 2, 3),
        ("softplus", "softmax"),
        "cross_entropy",
        Rounding(4, "significant_digits"),
    ),
    NetworkTask("forward", (2, 3, 2), ("relu", "sigmoid"), "squared", Rounding(2)),
    ReluTask(5, Rounding(2)),
    NetworkTask(
        "update",
        (2, 2, 1),
        ("leaky_relu", "sigmoid"),
        "squared",
        Rounding(4),
        Conventions(delta="error", update="step", shared_bias=True, leak=0.2, l2=0.1),
    ),
]


def runtime():
    """The folder of a copy of Numbas's repository, from the environment; None without node."""
    folder = os.environ.get("NUMBAS")
    return Path(folder) if folder and shutil.which("node") else None


def marked_by_numbas(folder, jobs, timeout=600):
    """The credit of every part of every job."""
    command = ["node", MARKER, folder]
    run = subprocess.run(
        command, input=json.dumps(jobs), capture_output=True, text=True, timeout=timeout
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def with_a_slip(random, sheet):
    """The numbers of a student who makes one known mistake; None where it gives no numbers."""
    calculation = sheet.exercise.worked.calculation
    asked = [line.place for line in sheet.exercise.scheme if line.place in calculation]
    place = random.choice(asked)
    quantity = calculation[place]
    written = {*calculation.given, *(one.place for one in calculation.quantities)}
    mistakes = [one for one in SPECIFIC if one.fits(quantity, written)]
    if not mistakes:
        return None
    planted = {place: [random.choice(mistakes)]}
    try:
        found = handed_in_with(calculation, planted, sheet.task.rounding, random.randrange(3))
    except (ValueError, IndexError, KeyError, ArithmeticError):
        return None
    printed = sheet.exercise.worked.printed
    # A transposed matrix does not fit into the fields of a question.
    fits = all(numbers.shape == printed[one].shape for one, numbers in found.items())
    return found if fits and all(np.isfinite(n).all() for n in found.values()) else None


def sheets_with_slips(count, first_seed=0):
    """`count` pairs of a sheet and its numbers with one slip."""
    seed, found = first_seed, []
    while len(found) < count:
        sheet = Handout(TASKS[seed % len(TASKS)], seed)
        numbers = with_a_slip(Random(seed), sheet)  # noqa: S311
        if numbers is not None:
            found.append((sheet, numbers))
        seed += 1
    return found


def compared(folder, pairs):
    """How many numbers both mark alike, and the others as (sheet, number, verdict, credit)."""
    jobs, expected = [], []
    for sheet, numbers in pairs:
        asked = answers(sheet)
        places = {answer.place for answer in asked}
        given = {place: numbers[place] for place in places}
        calculation = sheet.exercise.worked.calculation
        report = check(calculation, given, sheet.task.rounding)
        verdicts = {(one.place, _unit(one.index, answer_rank(asked, one.place))): one.verdict
                    for one in report.numbers}  # fmt: skip
        texts = [
            plain(Decimal(repr(float(numbers[a.place].reshape(_shape(asked, a.place))[a.index]))))
            for a in asked
        ]
        jobs.append({"exam": numbas_exam([sheet]), "answers": texts})
        expected.append([(sheet, a, verdicts[a.place, a.index]) for a in asked])
    tally, differing = Counter(), []
    for credits, rows in zip(marked_by_numbas(folder, jobs), expected, strict=True):
        for credit, (sheet, answer, verdict) in zip(credits, rows, strict=True):
            alike = (credit == 1) == (verdict in GOOD)
            tally["alike" if alike else "differing"] += 1
            tally[f"/check {verdict.name.lower()}"] += 1
            if not alike:
                differing.append((sheet.code, answer.name, verdict.name, credit))
    return tally, differing


def answer_rank(asked, place):
    """How many indices a number of the quantity has on the page."""
    return next((len(one.index) for one in asked if one.place == place), None)


def _unit(index, rank):
    """The index on the page: a single sample has no axis of its own."""
    return index if rank is None else index[len(index) - rank :]


def _shape(asked, place):
    indices = [one.index for one in asked if one.place == place]
    return tuple(max(column) + 1 for column in zip(*indices, strict=True))
