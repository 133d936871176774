"""State of the restarts of a job, and its serialization as one checkpoint."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import accumulate, pairwise
from math import inf
from typing import Any

import numpy as np

from core.nn.initialization import initial_layers
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.config import TrainingConfig
from service.jobs.job import Failure
from service.jobs.step_result import StepResult


@dataclass(frozen=True, eq=False)
class Restart:
    """The training that begins with the architecture of `seed`."""

    seed: int
    checkpoint: bytes = b""
    """Last state with a finite loss; empty before the first step.

    Most restarts of a long list wait, and a seed is shorter than the parameters drawn from it.
    """
    iteration: int = 0
    loss: float | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    watched: float | None = None
    """What it is ranked by: the least validation loss (with early stopping alone, the least loss),
    otherwise the loss; of one that diverged, that of `checkpoint`."""
    finished: bool = False
    """Whether all iterations are made, or early stopping ended the training."""
    failure: Failure | None = None

    @property
    def loss_of_checkpoint(self) -> float | None:
        """The loss of the network kept of a restart that diverged; None after validation."""
        return None if "validation_loss" in (self.metrics or {}) else self.watched

    @property
    def ended(self) -> bool:
        """Whether the training is over, finished or failed."""
        return self.finished or self.failure is not None

    def after(self, step: StepResult) -> "Restart":
        """The restart after a step."""
        if step.failure is not None:
            known = replace(self, iteration=step.iteration, loss=None, metrics={})
            return replace(known, failure=step.failure)
        now = Checkpoint.from_bytes(step.checkpoint)
        return replace(
            self,
            checkpoint=step.checkpoint,
            iteration=step.iteration,
            loss=step.loss,
            metrics={**self.metrics, **step.metrics},
            watched=now.best_loss if len(now.best_parameters) else step.loss,
            finished=step.finished,
        )

    def state(self, specification: TrainingConfig) -> Checkpoint:
        """The checkpoint; before the first step, the initial network of the seed."""
        if self.checkpoint:
            return Checkpoint.from_bytes(self.checkpoint)
        generator = np.random.default_rng(self.seed)
        layers = initial_layers(
            specification.sizes, specification.activations, generator, specification.initialization
        )
        return first_checkpoint(specification, layers)


def number_of_best(restarts: Sequence[Restart]) -> int:
    """The place of the one with the least watched loss, the first of equals.

    Those that diverged stand behind all others.
    """

    def rank(number: int) -> tuple[bool, float]:
        one = restarts[number]
        return one.failure is not None, inf if one.watched is None else one.watched

    return min(range(len(restarts)), key=rank)


def pack(restarts: Sequence[Restart]) -> bytes:
    """Serialize: one line of JSON about all restarts, then the bytes of their checkpoints."""
    heads = [
        {
            **asdict(replace(one, checkpoint=b"")),
            "checkpoint": len(one.checkpoint),
        }
        for one in restarts
    ]
    line = json.dumps(heads, allow_nan=False).encode()
    return b"\n".join([line, b"".join(one.checkpoint for one in restarts)])


def unpack(content: bytes) -> list[Restart]:
    """The inverse of `pack`, equal in every bit."""
    end = content.index(b"\n")
    heads = json.loads(content[:end])
    lengths = (head["checkpoint"] for head in heads)
    places = pairwise(accumulate(lengths, initial=end + 1))
    return [
        Restart(
            **{
                **head,
                "checkpoint": content[start:stop],
                "failure": None if head["failure"] is None else Failure(**head["failure"]),
            }
        )
        for head, (start, stop) in zip(heads, places, strict=True)
    ]
