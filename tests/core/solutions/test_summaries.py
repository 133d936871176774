"""A report in a few sentences, in the letters of the sheet."""

import numpy as np
import pytest
from hand_questions import SHEET, SHEET_X, SHEET_Y, hand_question

from core.nn.losses import SQUARED
from core.solutions.calculation.network import backprop_calculation
from core.solutions.calculation.relu_system import equidistant_calculation
from core.solutions.checking.check import check
from core.solutions.checking.quantity_names import number_name
from core.solutions.checking.summary import summary
from core.solutions.rounding import Rounding

TASK_5 = backprop_calculation(SHEET.layers, SHEET_X, SHEET_Y, SQUARED, eta=0.5)
BY_HAND = Rounding(2)


def said(answers, hints=2, calculation=TASK_5, samples=1):
    arrays = {place: np.asarray(numbers, float) for place, numbers in answers.items()}
    return summary(check(calculation, arrays, BY_HAND), samples, hints)


def test_every_quantity_of_a_calculation_has_a_name_of_its_own():
    batch = hand_question(1, samples=2)
    calculations = [
        backprop_calculation(batch.layers, batch.x, batch.y, SQUARED, eta=0.5),
        equidistant_calculation((0.0, 1.0), np.array([0.0, 1.0, 4.0])),
    ]
    for calculation in calculations:
        report = check(calculation, {}, BY_HAND)
        names = [number_name(one.place, one.index, 2) for one in report.numbers]
        # E of the first sample is a number beside the mean E, and so are the samples' gradients.
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "No number was handed in."),
        ({("loss",): 0.13}, "1 of 62 numbers was handed in: 1 correct."),
        ({("loss",): 0.27}, "The first wrong one is E: it is 0.27 and should be 0.13."),
        ({("layers", 1, "s"): [[-0.21, 7.0]]}, "The first wrong one is s⁽²⁾ of unit 2:"),
        ({("layers", 0, "s"): [[7.77, -2.4, 2.2]]}, "No mistake that is known here explains it."),
        (
            {("layers", 1, "updated_biases"): [-0.54, 0.47]},
            "The first wrong one is the new b⁽²⁾ of unit 1: it is −0.54 and should be −0.66.",
        ),
    ],
)
def test_the_sentence_names_the_first_wrong_number(answers, sentence):
    assert sentence in said(answers)


def test_a_matrix_that_is_transposed_is_called_so_and_not_a_number_that_is_itself():
    transposed = [[0.05, -0.02], [0.01, 0.0], [0.1, -0.05]]
    sentence = said({("layers", 1, "weights_gradient"): transposed})
    assert "∂E/∂w⁽²⁾ in row 1, column 1: it is 0.05. The matrix is transposed" in sentence


def test_hints_hold_back_what_was_not_asked_for():
    answers = {("loss",): 0.27}
    assert "0.13" not in said(answers, hints=1)
    assert "½" in said(answers, hints=1)
    assert "½" not in said(answers, hints=0)
    assert "The first wrong one is E." in said(answers, hints=0)
