"""Specification of a job with restarts, and how its trainings are grouped into calls."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from core.training.config import TrainingConfig
from core.training.ensemble.stacking_policy import stack_size
from service.jobs.restarts.state import Restart
from service.jobs.training.config_json import NOT_OF_THE_CONFIG, from_text, to_text

RESTARTS = "restarts"
BUNCH = 16
"""Most units in one call: a call costs more than a short training."""
BUNCH_NUMBERS = 2**20
"""Most numbers of data that one call copies for its units."""


@dataclass(frozen=True)
class RestartPlan:
    """Trainings that differ in their seed only: from `first_seed` upwards."""

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

    @staticmethod
    def of(
        specification: TrainingConfig,
        samples: int,
        first_seed: int,
        count: int,
        is_ensemble: bool = False,
    ) -> "RestartPlan":
        """Group the trainings by their size alone, so that the grouping is deterministic."""
        numbers = samples * (specification.sizes[0] + specification.sizes[-1])
        return RestartPlan(
            training=to_text(specification),
            first_seed=first_seed,
            count=count,
            at_once=stack_size(specification, samples),
            bunch=max(1, min(BUNCH, BUNCH_NUMBERS // numbers)),
            is_ensemble=is_ensemble,
        )

    @property
    def specification(self) -> TrainingConfig:
        """The configuration that all trainings share."""
        return from_text(self.training)

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
        return RestartPlan(
            **{name: value for name, value in fields.items() if name not in NOT_OF_THE_CONFIG}
        )
