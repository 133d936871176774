"""Defaults of a training request: plain ones, and those that are good for tables."""

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from service.schemas.training.data import StoredData
from service.schemas.training.optimizer import OptimizerChoice
from service.schemas.training.request import EarlyStoppingSchema, TrainRequest

ITERATIONS = 100


@dataclass(frozen=True)
class Preset:
    """Values for the fields that a request leaves out."""

    hidden: tuple[int, ...]
    values: dict[str, Any]


_ADAM: Any = TypeAdapter(OptimizerChoice).validate_python({"name": "adam", "beta2": 0.95})

TABULAR = Preset(
    hidden=(128,),
    values={
        "optimizer": _ADAM,
        "eta": 0.015,
        "schedule": "coslog",
        "label_smoothing": 0.1,
        "epochs": 100,
        "batch_size": 64,
        "validation_fraction": 0.2,
        "early_stopping": EarlyStoppingSchema(patience=40),
    },
)
"""After RealMLP-TD-S (Holzmüller, Grinsztajn and Steinwart, Better by default, NeurIPS 2024, table
B): robust scaling, beta2, the schedule and label smoothing are theirs. What does not fold into a
plain network, the smooth clipping of inputs, is left out. benchmarks/tabular.py measures it."""

OF_THE_OPTIMIZER = ("eta", "schedule", "batch_size")
"""Values that go with the optimizer of the preset: another one has its own."""


def with_defaults(question: TrainRequest) -> tuple[TrainRequest, tuple[int, ...]]:
    """The request with every default it takes, and the hidden layers where it names none."""
    if not is_tabular(question):
        return question, ()
    said = question.model_fields_set
    values = {name: value for name, value in TABULAR.values.items() if name not in said}
    if "iterations" in said:
        values.pop("epochs", None)
    if "optimizer" in said:
        values = {name: value for name, value in values.items() if name not in OF_THE_OPTIMIZER}
    return question.model_copy(update=values), TABULAR.hidden


def is_tabular(question: TrainRequest) -> bool:
    """Whether the preset for tables fills the request."""
    if question.preset == "tabular":
        return True
    sizes = question.architecture is not None and question.architecture.sizes is not None
    is_free = question.network is None and not sizes and "preset" not in question.model_fields_set
    return isinstance(question.data, StoredData) and is_free


def is_standardized(question: TrainRequest) -> bool:
    """Whether x and y are scaled before they reach the trainer."""
    if question.standardize is not None:
        return question.standardize
    return isinstance(question.data, StoredData) or question.preset == "tabular"
