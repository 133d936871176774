"""A calculation in the conventions of a book is the same backpropagation, changed where it says."""

from itertools import product

import numpy as np
import pytest
from hand_questions import hand_question

from core.conventions import Conventions
from core.nn.backprop import backprop
from core.solutions.calculation.evaluation import work_out
from core.solutions.calculation.network import backprop_calculation
from core.solutions.rounding import Rounding, as_floats

ETA = 0.5
CHOICES = [
    Conventions(delta=delta, update=update, l2=l2)
    for delta, update, l2 in product(("gradient", "error"), ("parameter", "step"), (0.0, 0.3))
]


def written(asked, conventions, reduction):
    calculation = backprop_calculation(
        asked.layers, asked.x, asked.y, asked.loss, reduction, ETA, conventions
    )
    worked = work_out(calculation, Rounding(10))
    return {place: as_floats(numbers) for place, numbers in worked.computed.items()}


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("conventions", CHOICES)
def test_every_convention_changes_what_it_says_and_nothing_else(conventions, samples, reduction):
    asked = hand_question(7, (2, 3, 2), "tanh", "sigmoid", samples=samples)
    found = written(asked, conventions, reduction)
    ours = backprop(asked.layers, asked.x, asked.y, asked.loss)
    times = samples if reduction == "sum" else 1
    share = conventions.l2 / (1 if reduction == "sum" else samples)
    sign = -1.0 if conventions.delta == "error" else 1.0
    squares = sum(float((layer.weights**2).sum()) for layer in asked.layers)

    assert found["loss",] == pytest.approx(times * ours.loss + 0.5 * share * squares, rel=1e-12)
    for number, layer in enumerate(asked.layers):
        gradients = {
            "weights": times * ours.gradients[number].weights + share * layer.weights,
            "biases": times * ours.gradients[number].biases,
        }
        for name, gradient in gradients.items():
            at = ("layers", number, f"{name}_gradient")
            np.testing.assert_allclose(found[at], gradient, rtol=1e-12, atol=1e-15)
            before = getattr(layer, name) if conventions.update == "parameter" else 0.0
            at = ("layers", number, f"updated_{name}")
            np.testing.assert_allclose(found[at], before - ETA * gradient, rtol=1e-12, atol=1e-15)
        delta = found["layers", number, "delta"].reshape(samples, -1)
        summed = sign * delta.sum(axis=0) / (1 if reduction == "sum" else samples)
        np.testing.assert_allclose(summed, gradients["biases"], rtol=1e-12, atol=1e-15)
