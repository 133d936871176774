"""A descent whose shards are computed by workers, and whose steps are made here."""

from collections.abc import Iterator
from pathlib import Path

from core.arrays import Array
from core.training.backend import Arithmetic
from core.training.checkpoint import Checkpoint
from core.training.data_parallel import ShardedBatches
from core.training.evaluation import Sums
from core.training.shards import Part
from core.training.trainer import Descent
from service.jobs.data_parallel.shard_task import shard_gradient, shard_sums
from service.jobs.executors.blocking_calls import Calls
from service.jobs.training.config_json import from_text
from service.jobs.training.dataset import rows_of


class FarShards:
    """A `Source` with the descent it serves; the network and its optimizer's state live here."""

    def __init__(self, specification: str, data: Path, checkpoint: bytes, calls: Calls) -> None:
        self.calls = calls
        """By whom the shards are computed, from now on."""
        self._specification = specification
        self._read = from_text(specification)
        self._data = data
        self._parameters: Array | None = None
        self.descent = Descent(
            self._read, len(rows_of(data)), Checkpoint.from_bytes(checkpoint), self._bind
        )

    def gradients(self, iteration: int) -> Iterator[tuple[float, Array]]:
        """See `Source`."""
        return self.calls.make(shard_gradient, self._arguments(iteration))

    def sums(self, part: Part) -> Iterator[Sums]:
        """See `Source`."""
        return self.calls.make(shard_sums, self._arguments(part))

    def _bind(self, parameters: Array, gradient: Array) -> Arithmetic:
        self._parameters = parameters
        return ShardedBatches(self._read, self, gradient)

    def _arguments(self, what: int | Part) -> list[tuple[object, ...]]:
        parameters = b"" if self._parameters is None else self._parameters.tobytes()
        return [
            (self._specification, self._data, parameters, what, shard)
            for shard in range(self._read.data_parallel or 1)
        ]
