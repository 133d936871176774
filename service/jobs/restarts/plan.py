"""What the record says of a job with restarts: what is trained, how often, and in which turns."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from core.training.config import TrainingConfig
from core.training.ensemble.stacking_policy import stack_size
from service.jobs.restarts.state import Restart
from service.jobs.training.config_json import from_text, to_text

RESTARTS = "restarts"
BUNCH = 16
"""Units a worker gets in one call: short trainings are not worth a call each."""
BUNCH_NUMBERS = 2**20
"""Numbers of data that a call prepares for its units all together: what is copied takes time."""


@dataclass(frozen=True)
class RestartPlan:
    """Trainings from the seeds `first_seed`, `first_seed` + 1, …; all else they have in common."""

    training: str
    """Their specification, as `specification_text` writes it."""
    first_seed: int
    count: int
    at_once: int
    """How many neighbours make a unit, which advances side by side in the same arrays."""
    bunch: int
    """How many units are one call."""

    @staticmethod
    def of(
        specification: TrainingConfig, samples: int, first_seed: int, count: int
    ) -> "RestartPlan":
        """The units, by the size of the trainings alone: nothing else decides about them."""
        numbers = samples * (specification.sizes[0] + specification.sizes[-1])
        return RestartPlan(
            training=to_text(specification),
            first_seed=first_seed,
            count=count,
            at_once=stack_size(specification, samples),
            bunch=max(1, min(BUNCH, BUNCH_NUMBERS // numbers)),
        )

    @property
    def specification(self) -> TrainingConfig:
        """Of every one of the trainings."""
        return from_text(self.training)

    def beginning(self, loss: float | None = None) -> list[Restart]:
        """All of them before anything was done; what is known is the loss of the first."""
        seeds = range(self.first_seed, self.first_seed + self.count)
        return [Restart(seed, loss=loss if seed == seeds[0] else None) for seed in seeds]

    def units(self, restarts: Sequence[Restart]) -> list[list[Restart]]:
        """What of each unit has not ended yet, of neighbours in their order."""
        going = (one for one in restarts if not one.ended)
        return [
            list(unit)
            for _, unit in groupby(going, lambda one: (one.seed - self.first_seed) // self.at_once)
        ]

    def bunches(self, restarts: Sequence[Restart], workers: int) -> list[list[Restart]]:
        """What so many workers do next: a share of the units that are least far for each."""
        waiting = sorted(self.units(restarts), key=lambda unit: unit[0].iteration)
        chosen = waiting[: workers * self.bunch]
        hands = [chosen[number::workers] for number in range(min(workers, len(chosen)))]
        return [[one for unit in hand for one in unit] for hand in hands]

    def to_text(self) -> str:
        """JSON that says of which kind the job is."""
        return json.dumps({"kind": RESTARTS, **asdict(self)})

    @staticmethod
    def from_text(text: str) -> "RestartPlan":
        """Read what `to_text` writes."""
        fields = json.loads(text)
        del fields["kind"]
        return RestartPlan(**fields)
