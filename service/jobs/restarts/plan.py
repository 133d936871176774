"""Specification of a job with restarts, and how its trainings are grouped into calls."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from core.training.config import TrainingConfig
from core.training.ensemble.stacking_policy import stack_size
from service.jobs.restarts.state import Restart, number_of_best
from service.jobs.training.config_json import NOT_OF_THE_CONFIG, from_text, to_text

RESTARTS = "restarts"
BUNCH = 16
"""Most units in one call: a call costs more than a short training."""
BUNCH_NUMBERS = 2**20
"""Most numbers of data that one call copies for its units."""


@dataclass(frozen=True)
class RestartPlan:
    """Trainings that differ in their seed, from `first_seed` upwards, or also in their rows."""

    training: str
    """Their configuration as JSON, see `config_json`."""
    first_seed: int
    count: int
    at_once: int
    """Stack size: how many trainings form a unit and share their arrays."""
    bunch: int
    """How many units form one call (the key of stored rows)."""
    is_ensemble: bool = False
    """Whether the network of the job averages all of them, rather than being the best."""
    folds: tuple[str, ...] = ()
    """Of a cross-validation, the configuration of each fold. They follow the training on all rows,
    whose network is that of the job."""

    @staticmethod
    def of(
        specification: TrainingConfig,
        samples: int,
        first_seed: int,
        count: int,
        is_ensemble: bool = False,
        folds: Sequence[TrainingConfig] = (),
    ) -> "RestartPlan":
        """Group the trainings by their size alone, so that the grouping is deterministic.

        Those on different rows, of folds, are not stacked.
        """
        numbers = samples * (specification.sizes[0] + specification.sizes[-1])
        return RestartPlan(
            training=to_text(specification),
            first_seed=first_seed,
            count=count,
            at_once=1 if folds else stack_size(specification, samples),
            bunch=max(1, min(BUNCH, BUNCH_NUMBERS // numbers)),
            is_ensemble=is_ensemble,
            folds=tuple(map(to_text, folds)),
        )

    @property
    def specification(self) -> TrainingConfig:
        """The configuration that all trainings share."""
        return from_text(self.training)

    def training_of(self, restart: Restart) -> str:
        """The configuration of a training as JSON."""
        number = restart.seed - self.first_seed
        return self.folds[number - 1] if self.folds and number else self.training

    def number_of_best(self, restarts: Sequence[Restart]) -> int:
        """The place of the training whose network is that of the job."""
        return 0 if self.folds else number_of_best(restarts)

    def has_failed(self, restarts: Sequence[Restart]) -> bool:
        """Whether no training is left that could give the network of the job."""
        decisive = restarts[:1] if self.folds else restarts
        return all(one.failure is not None for one in decisive)

    def beginning(self, loss: float | None = None) -> list[Restart]:
        """All restarts before the first iteration; `loss` is that of the first seed."""
        seeds = range(self.first_seed, self.first_seed + self.count)
        return [Restart(seed, loss=loss if seed == seeds[0] else None) for seed in seeds]

    def units(self, restarts: Sequence[Restart]) -> list[list[Restart]]:
        """The unfinished restarts, grouped into units in the order of their seeds."""
        going = (one for one in restarts if not one.ended)
        return [
            list(unit)
            for _, unit in groupby(going, lambda one: (one.seed - self.first_seed) // self.at_once)
        ]

    def bunches(self, restarts: Sequence[Restart], workers: int) -> list[list[Restart]]:
        """One batch per worker for the next round, the units with the fewest iterations first."""
        waiting = sorted(self.units(restarts), key=lambda unit: unit[0].iteration)
        chosen = waiting[: workers * self.bunch]
        hands = [chosen[number::workers] for number in range(min(workers, len(chosen)))]
        return [[one for unit in hand for one in unit] for hand in hands]

    def to_text(self) -> str:
        """JSON with the job type in the key `kind`."""
        return json.dumps({"kind": RESTARTS, **asdict(self)})

    @staticmethod
    def from_text(text: str) -> "RestartPlan":
        """Read what `to_text` writes."""
        fields = json.loads(text)
        known = {name: value for name, value in fields.items() if name not in NOT_OF_THE_CONFIG}
        return RestartPlan(**{**known, "folds": tuple(known.get("folds", ()))})
