"""Every number on a page is what the form before it gives: plugged in, and computed again."""

import math

import numpy as np
import pytest
from hand_questions import HIDDEN, PAIRS, hand_question

from core.solutions.network_solution import backprop_solution
from core.solutions.notation.tree import Fenced, Fraction, Mark, Number, Root, Row, Scripts
from core.solutions.relu_solution import relu_solution
from core.solutions.rounding import MAX_DIGITS, Rounding

MARKS = {"plus": "+", "minus": "-", "times": "*", "(": "(", ")": ")", "large(": "(", "large)": ")"}
MARKS |= {"[": "(", "]": ")", "greater": ">", "at_most": "<=", "comma": ",", "max": "max"}
NAMES = {"max": max, "ln": math.log, "tanh": math.tanh, "e": math.e, "sqrt": math.sqrt}


def written(formula):
    """A form with numbers put in, in Python; factors side by side are a product."""
    match formula:
        case Number(text):
            return text if float(text) >= 0.0 else f"({text})"
        case Mark("ln" | "tanh" as name):
            return name
        case Mark("e"):
            return "e"
        case Mark(name):
            return MARKS[name]
        case Scripts(base, None, above):
            return f"({written(base)})**({written(above)})"
        case Fraction(top, bottom):
            return f"(({written(top)})/({written(bottom)}))"
        case Fenced(inside):
            return f"({written(inside)})"
        case Root(inside):
            return f"sqrt({written(inside)})"
        case Row():
            return product(flat(formula))
    raise AssertionError(f"no number is {formula}")


def flat(formula):
    items = formula.items if isinstance(formula, Row) else [formula]
    return [one for item in items for one in (flat(item) if isinstance(item, Row) else [item])]


def product(items):
    text, function = "", None
    for item in items:
        part = written(item)
        if part in ("ln", "tanh"):
            text, function = f"{times(text)}{part}", part
            continue
        if function and part != "(":
            part = f"({part})"
        text = f"{text}{part}" if function or not begins(part) else f"{times(text)}{part}"
        function = None
    return text


def begins(part):
    return part[0] in "(emst" or part[0].isdigit()


def times(text):
    return f"{text}*" if text and (text[-1] in ")e" or text[-1].isdigit()) else text


def put_in(document):
    """Every form with numbers of a page, in Python, and the number after it."""
    for step in document.steps:
        for entry in step.entries:
            for form in entry.substituted:
                yield entry.place, written(form), float(entry.value)


def assert_all_right(document, at_least):
    count = 0
    for place, form, value in put_in(document):
        again = eval(form, {"__builtins__": {}} | NAMES)  # noqa: S307 - our own page
        assert again == pytest.approx(value, rel=1e-7, abs=1e-7), (place, form)
        count += 1
    assert count >= at_least


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(("loss", "last"), PAIRS)
def test_every_number_of_a_backpropagation_is_what_was_put_in(loss, last, hidden):
    for seed, samples in ((1, 1), (2, 3)):
        asked = hand_question(seed, (2, 3, 2), hidden, last, loss, samples)
        rounding = Rounding(MAX_DIGITS)
        document = backprop_solution(asked.layers, asked.x, asked.y, asked.loss, rounding, eta=0.1)
        assert_all_right(document, at_least=40)


def test_every_coefficient_of_a_relu_system_is_what_was_put_in():
    for grid in (np.linspace(0.0, 1.0, 5), np.array([0.0, 0.1, 0.5, 2.0])):
        document = relu_solution(grid, np.exp(grid), Rounding(MAX_DIGITS), (0.0, grid[-1]))
        assert_all_right(document, at_least=4)
