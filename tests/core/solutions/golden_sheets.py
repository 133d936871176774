"""What a seed gives, reduced to what must never change: the numbers given and the numbers printed.

`python tests/core/solutions/golden_sheets.py` prints the file for the present version; it is
committed once for each version and never changed.
"""

import json
from pathlib import Path

import numpy as np

from core.neural_network import NeuralNetwork
from core.solutions.exercises.exercise import VERSION
from core.solutions.exercises.network_exercise import network_exercise
from core.solutions.exercises.network_task import NetworkTask
from core.solutions.exercises.relu_exercise import ReluTask, relu_exercise
from core.solutions.rounding import Rounding, plain

GOLDEN = Path(__file__).parent / "golden" / f"exercises.version-{VERSION}.json"
SEEDS = (0, 1, 2**53 - 1)

TASKS = {
    "forward": NetworkTask("forward", (2, 3, 2), ("sigmoid", "sigmoid"), "squared", Rounding(2)),
    "backprop": NetworkTask("backprop", (2, 3, 2), ("sigmoid", "sigmoid"), "squared", Rounding(3)),
    "classes": NetworkTask(
        "backprop", (3, 2, 3), ("tanh", "softmax"), "cross_entropy", Rounding(3)
    ),
    "update": NetworkTask(
        "update",
        (2, 2, 1),
        ("relu", "sigmoid"),
        "binary_cross_entropy",
        Rounding(4, "significant_digits", "each_step"),
    ),
    "relu_system": ReluTask(5, Rounding(2)),
}


def made(task, seed):
    make = relu_exercise if isinstance(task, ReluTask) else network_exercise
    return make(task, seed)


def essence(exercise):
    """Given and printed numbers, as JSON has them."""
    return {
        "question": {name: _plain(value) for name, value in exercise.question.items()},
        "key": {
            "/".join(map(str, one.place)): np.frompyfunc(plain, 1, 1)(
                exercise.worked.printed[one.place]
            ).tolist()
            if one.numbers > 1
            else plain(exercise.worked.printed[one.place].item())
            for one in exercise.scheme
            if one.place in exercise.worked.printed
        },
        "points": [one.points for one in exercise.scheme],
    }


def _plain(value):
    if isinstance(value, NeuralNetwork):
        return [
            [layer.weights.tolist(), layer.biases.tolist(), layer.activation.name]
            for layer in value.layers
        ]
    if isinstance(value, tuple):
        return list(value)
    return value.tolist() if isinstance(value, np.ndarray) else value


def present():
    return {
        name: {str(seed): essence(made(task, seed)) for seed in SEEDS}
        for name, task in TASKS.items()
    }


if __name__ == "__main__":
    print(json.dumps(present(), indent=1))  # noqa: T201
