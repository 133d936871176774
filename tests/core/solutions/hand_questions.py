"""Questions as they stand on exercise sheets: small networks with parameters in tenths."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from core import NeuralNetwork
from core.nn.losses import LOSSES, Loss

SHEET = NeuralNetwork.from_parameters(
    ([[0.1, -0.2], [-0.4, -0.8], [0.6, 0.6]], [[0.4, 0.2, 0.2], [0.1, 0.3, 0.5]]),
    ([0.2, -0.4, 0.4], [-0.6, 0.5]),
)
SHEET_X, SHEET_Y = np.array([[1.0, 2.0]]), np.array([[0.0, 1.0]])

HIDDEN = ("sigmoid", "relu", "tanh", "identity", "leaky_relu", "softplus")
# Outputs inside the domain of each loss.
OUTPUTS = {
    "squared": (*HIDDEN, "softmax"),
    "binary_cross_entropy": ("sigmoid", "softmax"),
    "cross_entropy": ("softmax", "sigmoid", "softplus"),
}
PAIRS = [(loss, last) for loss, names in OUTPUTS.items() for last in names]


@dataclass(frozen=True, eq=False)
class HandQuestion:
    network: NeuralNetwork
    x: np.ndarray
    y: np.ndarray
    loss: Loss

    @property
    def layers(self):
        return self.network.layers


def hand_question(
    seed, sizes=(2, 3, 2), hidden="sigmoid", last="sigmoid", loss="squared", samples=1
):
    """Weights up to 1, inputs up to 2, in tenths; targets one-hot, which every loss takes."""
    generator = np.random.default_rng(seed)
    network = NeuralNetwork.from_parameters(
        [tenths(generator, (o, i), 10) for i, o in pairwise(sizes)],
        [tenths(generator, size, 10) for size in sizes[1:]],
        [hidden] * (len(sizes) - 2) + [last],
    )
    y = np.eye(sizes[-1])[generator.integers(0, sizes[-1], size=samples)]
    return HandQuestion(network, tenths(generator, (samples, sizes[0]), 20), y, LOSSES[loss])


def tenths(generator, shape, most):
    return generator.integers(-most, most + 1, size=shape) / 10


SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(tuple)


def _with_loss(pair):
    loss, last = pair
    return st.fixed_dictionaries(
        {
            "seed": SEEDS,
            "sizes": SIZES,
            "hidden": st.sampled_from(HIDDEN),
            "last": st.just(last),
            "loss": st.just(loss),
            "samples": st.integers(1, 3),
        }
    )


# The arguments of `hand_question`, which itself is called by the test: type checks draw at random.
QUESTIONS = st.sampled_from(PAIRS).flatmap(_with_loss)
