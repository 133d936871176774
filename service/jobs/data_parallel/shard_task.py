"""Worker functions of data-parallel training: one shard at the given parameters."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.training.compute.subsets import Part
from core.training.data_parallel.shards import ShardEvaluator
from core.training.evaluation import PartialMetrics
from service.jobs.training.config_json import from_text
from service.jobs.training.dataset import load_xy
from service.jobs.training.worker_cache import IN_WORKER, Data


@dataclass(frozen=True, eq=False)
class _Ready:
    shards: ShardEvaluator
    parameters: Array
    """The array that `shards` reads; overwritten by every call."""


def shard_gradient(
    specification: str, data: Data, parameters: bytes, iteration: int, shard: int
) -> tuple[float, Array]:
    """Loss and gradient of a shard, see `ShardEvaluator.gradient`; deterministic."""
    return _ready(specification, data, parameters).gradient(iteration, shard)


def shard_sums(
    specification: str, data: Data, parameters: bytes, part: Part, shard: int
) -> PartialMetrics:
    """Partial metrics of a shard, see `ShardEvaluator.sums`; deterministic."""
    return _ready(specification, data, parameters).sums(part, shard)


def _ready(specification: str, data: Data, parameters: bytes) -> ShardEvaluator:
    ready: _Ready = IN_WORKER.pop(specification, data) or _make_ready(
        specification, data, len(parameters)
    )
    ready.parameters[...] = np.frombuffer(parameters, ready.parameters.dtype)
    IN_WORKER.put(specification, data, ready)
    return ready.shards


def _make_ready(specification: str, data: Data, length: int) -> _Ready:
    read = from_text(specification)
    parameters = np.empty(length // read.dtype.itemsize, read.dtype)
    return _Ready(ShardEvaluator(read, *load_xy(data, read), parameters), parameters)
