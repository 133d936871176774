"""What the networks of a training give on each part of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from core.arrays import Array
from core.cost import forward_operations
from core.neural_network import NeuralNetwork
from core.nn.metrics import class_labels
from core.tables.column import Label
from core.tables.schema import TableSchema
from service.jobs.restarts.state import unpack
from service.jobs.storage.store import Store
from service.jobs.training.config_json import from_text
from service.limits import Limits
from service.results.best_restart import plan_of
from service.results.training import trained_network
from service.results.training_rows import PARTS, training_config


@dataclass(frozen=True, eq=False)
class PartOutput:
    """Targets and outputs of some rows; `codes` are the classes, None where y is no class."""

    name: str
    rows: Int[Array, " rows"]
    y: Float[Array, "rows targets"]
    output: Float[Array, "rows targets"]
    codes: Int[Array, " rows"] | None


def part_outputs(store: Store, job_id: str, limits: Limits) -> list[PartOutput]:
    """Of the network of a job: training, validation and test rows, those that are there.

    Raises `LimitExceeded` where that takes too long.
    """
    config, rows = training_config(store, job_id), store.data(job_id)
    limits.operations(forward_operations(config.sizes, len(rows)))
    split = config.parts(len(rows))
    network = trained_network(store, job_id)
    places = (split.training, split.validation, split.test)
    return [
        _output(name, network, rows, part)
        for name, part in zip(PARTS, places, strict=True)
        if len(part)
    ]


def fold_outputs(store: Store, job_id: str, limits: Limits) -> list[PartOutput | None]:
    """Of a cross-validation: each fold by the network that was trained without it.

    None for one that diverged; nothing for a training without folds. Raises `LimitExceeded`.
    """
    plan = plan_of(store, job_id)
    if plan is None or not plan.folds:
        return []
    rows = store.data(job_id)
    limits.operations(forward_operations(plan.specification.sizes, len(rows)))
    found: list[PartOutput | None] = []
    for restart in unpack(store.checkpoint(job_id))[1:]:
        config = from_text(plan.training_of(restart))
        network = NeuralNetwork(restart.state(config).layers(config))
        part = config.parts(len(rows)).test
        diverged = restart.failure is not None
        found.append(None if diverged else _output("fold", network, rows, part))
    return found


def _output(name: str, network: NeuralNetwork, rows: Array, places: Array) -> PartOutput:
    inputs, outputs = network.sizes[0], network.sizes[-1]
    x, y = rows[places][:, :inputs], rows[places][:, inputs : inputs + outputs]
    every_y = rows[:, inputs : inputs + outputs]
    codes = class_labels(network.layers[-1].activation, every_y)
    return PartOutput(
        name, places, y, network.forward(x).output, None if codes is None else codes[places]
    )


def class_probabilities(output: Float[Array, "rows outputs"]) -> Float[Array, "rows classes"]:
    """The probability of each class; a single output is that of the second of two."""
    return np.hstack([1.0 - output, output]) if output.shape[1] == 1 else output


def class_names(schema: TableSchema | None, count: int) -> list[Label]:
    """The labels of the classes as they were sent, or their numbers."""
    if schema is not None and schema.output.task == "classification":
        return list(schema.output.classes)
    return list(range(count))


def target_names(schema: TableSchema | None, count: int) -> Sequence[str]:
    """The names of the targets, or y1, y2, …."""
    return schema.output_names if schema else [f"y{number}" for number in range(1, count + 1)]
