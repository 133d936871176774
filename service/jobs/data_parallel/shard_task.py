"""What a worker does for a training that several share: one shard, at the parameters it is sent."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.training.evaluation import PartialMetrics
from core.training.shards import ShardEvaluator, Subset
from service.jobs.training.config_json import from_text
from service.jobs.training.dataset import load_xy
from service.jobs.training.worker_cache import Data, pop, put


@dataclass(frozen=True, eq=False)
class _Ready:
    shards: ShardEvaluator
    parameters: Array
    """Those that the shards look at."""


def shard_gradient(
    specification: str, data: Data, parameters: bytes, iteration: int, shard: int
) -> tuple[float, Array]:
    """Give what `ShardEvaluator.gradient` does; equal arguments, equal numbers."""
    return _ready(specification, data, parameters).gradient(iteration, shard)


def shard_sums(
    specification: str, data: Data, parameters: bytes, part: Subset, shard: int
) -> PartialMetrics:
    """Give what `ShardEvaluator.sums` does; equal arguments, equal numbers."""
    return _ready(specification, data, parameters).sums(part, shard)


def _ready(specification: str, data: Data, parameters: bytes) -> ShardEvaluator:
    ready = pop(specification, data) or _make_ready(specification, data, len(parameters))
    ready.parameters[...] = np.frombuffer(parameters, ready.parameters.dtype)
    put(specification, data, ready)
    shards: ShardEvaluator = ready.shards
    return shards


def _make_ready(specification: str, data: Data, length: int) -> _Ready:
    read = from_text(specification)
    parameters = np.empty(length // read.dtype.itemsize, read.dtype)
    return _Ready(ShardEvaluator(read, *load_xy(data, read), parameters), parameters)
