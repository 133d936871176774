"""Shards that are computed by workers."""

from collections.abc import Iterator
from pathlib import Path

from core.arrays import Array
from core.training.backend import TrainingBackend
from core.training.checkpoint import Checkpoint
from core.training.compute.subsets import Part
from core.training.data_parallel.backend import DataParallelBackend
from core.training.evaluation import PartialMetrics
from core.training.trainer import Trainer
from service.jobs.data_parallel.shard_task import shard_gradient, shard_sums
from service.jobs.executors.blocking_calls import BlockingCalls
from service.jobs.training.config_json import from_text
from service.jobs.training.dataset import load_rows


class RemoteShards:
    """A `ShardSource` on workers, with the trainer that owns network and optimizer state."""

    def __init__(
        self, specification: str, data: Path, checkpoint: bytes, calls: BlockingCalls
    ) -> None:
        self.calls = calls
        """The calls by which shards are computed; replaced at every step."""
        self._specification = specification
        self._read = from_text(specification)
        self._data = data
        self._parameters: Array | None = None
        self.trainer = Trainer(
            self._read, len(load_rows(data)), Checkpoint.from_bytes(checkpoint), self._bind
        )

    def gradients(self, iteration: int) -> Iterator[tuple[float, Array]]:
        """Implement `ShardSource`: one call per shard, results in the order of the shards."""
        return self.calls.map(shard_gradient, self._arguments(iteration))

    def sums(self, part: Part) -> Iterator[PartialMetrics]:
        """Implement `ShardSource`: one call per shard, results in the order of the shards."""
        return self.calls.map(shard_sums, self._arguments(part))

    def _bind(self, parameters: Array, gradient: Array, moments: Array) -> TrainingBackend:
        self._parameters = parameters
        return DataParallelBackend(self._read, self, gradient)

    def _arguments(self, what: int | Part) -> list[tuple[object, ...]]:
        parameters = b"" if self._parameters is None else self._parameters.tobytes()
        return [
            (self._specification, self._data, parameters, what, shard)
            for shard in range(self._read.data_parallel or 1)
        ]
