"""Networks of models in memory, for predictions that follow one another quickly."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from core.nn.parameters import parameter_count
from service.models.model import ModelVersion
from service.models.prediction import Predictor

FRESH_SECONDS = 1.0
"""After so long the database is asked again where an alias points, or whether a version exists.

A change made in the same process is seen at once; with several processes, within this time.
"""
MAX_PARAMETERS = 2**24
"""Of all networks in memory together: 128 MiB."""


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A version with its network."""

    version: ModelVersion
    predictor: Predictor


class ModelCache:
    """Loaded models by caller, name and the version asked for; safe in threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._loaded: OrderedDict[tuple[str, str, str], tuple[float, LoadedModel]] = OrderedDict()
        self._parameters = 0
        self._epoch = 0

    def get(self, caller: str, name: str, wanted: str) -> LoadedModel | None:
        """The model, unless it is not there or no longer fresh."""
        with self._lock:
            known = self._loaded.get((caller, name, wanted))
            if known is None or self._clock() - known[0] > FRESH_SECONDS:
                return None
            self._loaded.move_to_end((caller, name, wanted))
            return known[1]

    @property
    def epoch(self) -> int:
        """The number of changes so far; to be read before the database is."""
        return self._epoch

    def put(self, caller: str, name: str, wanted: str, model: LoadedModel, epoch: int) -> None:
        """Keep a model that was read in this epoch; those used longest ago make room.

        What was read before a change is not kept after it.
        """
        with self._lock:
            if epoch != self._epoch:
                return
            self._drop((caller, name, wanted))
            self._loaded[caller, name, wanted] = self._clock(), model
            self._parameters += parameter_count(model.version.sizes)
            while self._parameters > MAX_PARAMETERS and len(self._loaded) > 1:
                self._drop(next(iter(self._loaded)))

    def forget(self, caller: str, name: str) -> None:
        """Drop all versions of a model that was changed."""
        with self._lock:
            self._epoch += 1
            for key in [key for key in self._loaded if key[:2] == (caller, name)]:
                self._drop(key)

    def _drop(self, key: tuple[str, str, str]) -> None:
        if key in self._loaded:
            self._parameters -= parameter_count(self._loaded.pop(key)[1].version.sizes)
