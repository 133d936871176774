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
    of_classes: dict[str, Any]
    """Further values where the targets are classes."""
    of_numbers: dict[str, Any]
    of_another_optimizer: dict[str, Any]
    """Instead of both, where the request names an optimizer."""


_ADAM: Any = TypeAdapter(OptimizerChoice).validate_python({"name": "adam", "beta2": 0.95})
_STOPPING = EarlyStoppingSchema(patience=40)

TABULAR = Preset(
    hidden=(64, 64),
    values={
        "optimizer": _ADAM,
        "eta": 0.01,
        "schedule": "coslog",
        "label_smoothing": 0.1,
        "epochs": 100,
        "batch_size": 64,
    },
    of_classes={"weight_decay": 1.0},
    of_numbers={"weight_decay": 0.3, "validation_fraction": 0.2, "early_stopping": _STOPPING},
    of_another_optimizer={"validation_fraction": 0.2, "early_stopping": _STOPPING},
)
"""After RealMLP-TD-S (Holzmüller, Grinsztajn and Steinwart, Better by default, NeurIPS 2024, table
B): robust scaling, beta2, the schedule and label smoothing are theirs; the rest was chosen on other
tables and splits than those of benchmarks/tabular.py, which measures it. Smooth clipping of inputs
does not fold into a plain network and brought nothing there; a learnable scale of the inputs is a
factor of weights that are trained anyway. Both are left out."""

FEW_ROWS = 2000
"""Up to which the weight decay is the preset's; of more rows it is less, as a penalty of the sum of
all losses is beside their mean. With 1 for 75,000 rows the error was twice that of 0.03."""
OF_THE_OPTIMIZER = ("eta", "schedule", "batch_size")
"""Values that go with the optimizer of the preset: another one has its own."""


def with_defaults(question: TrainRequest, has_classes: bool) -> TrainRequest:
    """The request with every default it takes for targets that are classes, or numbers."""
    if not is_tabular(question):
        return question
    said = question.model_fields_set
    if "optimizer" in said:
        values = TABULAR.values | TABULAR.of_another_optimizer
        values = {name: value for name, value in values.items() if name not in OF_THE_OPTIMIZER}
    else:
        values = TABULAR.values | (TABULAR.of_classes if has_classes else TABULAR.of_numbers)
    values = {name: value for name, value in values.items() if name not in said}
    if "iterations" in said:
        values.pop("epochs", None)
    return question.model_copy(update=values)


def with_decay_for(question: TrainRequest, said: set[str], rows: int) -> TrainRequest:
    """The request of a preset with the weight decay for this number of rows to train on.

    `said` are the fields that its sender wrote.
    """
    if not is_tabular(question) or "weight_decay" in said:
        return question
    decay = question.weight_decay * min(1.0, FEW_ROWS / rows)
    return question.model_copy(update={"weight_decay": decay})


def default_hidden(question: TrainRequest) -> tuple[int, ...]:
    """The widths of the hidden layers where the request names none."""
    return TABULAR.hidden if is_tabular(question) else ()


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
