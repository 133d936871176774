"""Random questions: a network, samples and targets inside the loss's domain."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from core.neural_network import NeuralNetwork
from core.nn.activations import ACTIVATIONS
from core.nn.losses import LOSSES, Loss

HIDDEN = sorted(name for name, one in ACTIVATIONS.items() if not one.couples_units)
EVERY = sorted(ACTIVATIONS)
# Outputs in [0, 1], as binary_cross_entropy needs them, and positive, as cross_entropy does.
PROBABILITIES = ("sigmoid", "softmax")
POSITIVE = (*PROBABILITIES, "softplus")


def outputs_for(loss: str) -> list[str]:
    """The activations of the last layer whose outputs lie in the loss's domain."""
    names = {"binary_cross_entropy": PROBABILITIES, "cross_entropy": POSITIVE}.get(loss, EVERY)
    return sorted(names)


COMBINATIONS = [
    (hidden, last, loss) for loss in LOSSES for last in outputs_for(loss) for hidden in HIDDEN
]


@dataclass(frozen=True, eq=False)
class Question:
    network: NeuralNetwork
    x: np.ndarray
    y: np.ndarray
    loss: Loss


def question(hidden, last, loss, sizes=(3, 4, 2), samples=5, seed=0) -> Question:
    """Parameters and samples from a normal distribution, targets that are probabilities."""
    generator = np.random.default_rng(seed)
    names = [hidden] * (len(sizes) - 2) + [last]
    drawn = NeuralNetwork.from_sizes(sizes, names, generator)
    network = NeuralNetwork.from_parameters(
        [layer.weights for layer in drawn.layers],
        [generator.normal(size=layer.d_out) for layer in drawn.layers],
        names,
    )
    return Question(
        network=network,
        x=generator.normal(size=(samples, sizes[0])),
        y=generator.dirichlet(np.ones(sizes[-1]), size=samples),
        loss=LOSSES[loss],
    )


def is_well_conditioned(asked: Question) -> bool:
    """Whether ŷ is not near the ends of the loss's domain, where log ŷ is steep."""
    output = asked.network.forward(asked.x).output
    low, high = asked.loss.bounds
    return bool((output - low > 0.01).all() and (high - output > 0.01).all())


SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple)
SEEDS = st.integers(0, 2**32 - 1)
