"""What a worker does for a training that several share: one shard, at the parameters it is sent."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.training.evaluation import Sums
from core.training.shards import Part, Shards
from service.jobs.training.config_json import from_text
from service.jobs.training.dataset import samples_of
from service.jobs.training.worker_cache import Data, keep, take


@dataclass(frozen=True, eq=False)
class _Ready:
    shards: Shards
    parameters: Array
    """Those that the shards look at."""


def shard_gradient(
    specification: str, data: Data, parameters: bytes, iteration: int, shard: int
) -> tuple[float, Array]:
    """Give what `Shards.gradient` does; equal arguments, equal numbers."""
    return _ready(specification, data, parameters).gradient(iteration, shard)


def shard_sums(specification: str, data: Data, parameters: bytes, part: Part, shard: int) -> Sums:
    """Give what `Shards.sums` does; equal arguments, equal numbers."""
    return _ready(specification, data, parameters).sums(part, shard)


def _ready(specification: str, data: Data, parameters: bytes) -> Shards:
    ready = take(specification, data) or _make_ready(specification, data, len(parameters))
    ready.parameters[...] = np.frombuffer(parameters, ready.parameters.dtype)
    keep(specification, data, ready)
    shards: Shards = ready.shards
    return shards


def _make_ready(specification: str, data: Data, length: int) -> _Ready:
    read = from_text(specification)
    parameters = np.empty(length // read.dtype.itemsize, read.dtype)
    return _Ready(Shards(read, *samples_of(data, read), parameters), parameters)
