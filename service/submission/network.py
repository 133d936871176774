"""The network to begin with: given, or drawn by its architecture, whose ends may follow data."""

from dataclasses import dataclass

import numpy as np

from core.neural_network import NeuralNetwork
from core.nn.initialization import initial_layers, require_one_per_layer
from core.nn.layer import Layer
from core.tables.target import Task
from service.limits import Limits
from service.schemas.error_location import set_location
from service.schemas.training.request import TrainRequest
from service.submission.training_data import NetworkEnds, TrainingData

PROBABILITIES = ("sigmoid", "softmax")


@dataclass(frozen=True)
class Shape:
    """Sizes and activations of a network."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    """The loss that goes with them where the request names none."""


def known_ends(question: TrainRequest) -> NetworkEnds:
    """What the request itself says of the first and the last layer."""
    if question.network is not None:
        d_in, d_out = question.network.ends
        last = question.network.layers[-1]
        return NetworkEnds(d_in, d_out, last.activation in PROBABILITIES)
    architecture = question.architecture
    if architecture is None or architecture.sizes is None:
        return NetworkEnds()
    names = architecture.activations
    last_name = (
        (names or "sigmoid") if isinstance(names, str | None) else (names or ["sigmoid"])[-1]
    )
    return NetworkEnds(
        architecture.sizes[0], architecture.sizes[-1], str(last_name) in PROBABILITIES
    )


def shape_of(question: TrainRequest, data: TrainingData, hidden: tuple[int, ...]) -> Shape:
    """Sizes and activations of the architecture; `hidden` where the request names none.

    Raises `ShapeMismatch` where there is not one activation per layer.
    """
    architecture = question.architecture
    if architecture is not None and architecture.sizes is not None:
        sizes = tuple(architecture.sizes)
        names = architecture.activations or "sigmoid"
        return Shape(sizes, _one_per_layer(names, len(sizes) - 1), "squared")
    names = "relu"
    if architecture is not None:
        hidden = tuple(architecture.hidden or ())
        names = architecture.activations or "relu"
    last, loss = _output_of(data)
    sizes = (data.x.shape[1], *hidden, data.y.shape[1])
    return Shape(sizes, (*_one_per_layer(names, len(hidden)), last), loss)


def task_of_data(data: TrainingData) -> Task:
    """Classification where y stands for classes."""
    return "regression" if data.schema is None else data.schema.output.task


def _output_of(data: TrainingData) -> tuple[str, str]:
    """The last activation and the loss for the targets."""
    is_zero_or_one = bool(np.isin(data.y, (0.0, 1.0)).all())
    if task_of_data(data) == "regression" and not is_zero_or_one:
        return "identity", "squared"
    if data.y.shape[1] == 1:
        return "sigmoid", "binary_cross_entropy"
    if (data.y.sum(axis=1) == 1.0).all():
        return "softmax", "cross_entropy"
    return "sigmoid", "binary_cross_entropy"


def _one_per_layer(names: str | list[str], layers: int) -> tuple[str, ...]:
    if isinstance(names, str):
        return (names,) * layers
    require_one_per_layer(names, layers, ("architecture", "activations"))
    return tuple(names)


def drawn_layers(shape: Shape, initialization: str, seed: int, limits: Limits) -> tuple[Layer, ...]:
    """Draw the layers; the same seed gives the same layers. Raises `LimitExceeded` before."""
    limits.sizes(shape.sizes, ("architecture", "sizes"))
    generator = np.random.default_rng(seed)
    layers = initial_layers(shape.sizes, shape.activations, generator, initialization)
    with set_location("architecture", "activations"):
        return NeuralNetwork(layers).layers


def initialization_of(question: TrainRequest) -> str:
    """How the architecture's weights are drawn."""
    return question.architecture.initialization if question.architecture else "glorot"


def is_of_classes(loss: str, data: TrainingData) -> bool:
    """Whether y holds one-hot rows, or 0 and 1 for one output, and the loss is that of classes."""
    y = data.y
    is_one_hot = y.shape[1] == 1 or bool((y.sum(axis=1) == 1.0).all())
    return loss != "squared" and is_one_hot and bool(np.isin(y, (0.0, 1.0)).all())
