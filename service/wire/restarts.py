"""`restarts` of POST /train, and GET /train/{id}/restarts: many trainings as one job."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from core.cost import TrainingCost
from core.errors import OutOfDomain
from core.parameters import parameter_count
from core.specification import Specification
from service.jobs.restarts import Restart, number_of_best
from service.jobs.restarts_plan import Plan
from service.problems import Problem
from service.wire.form import LARGEST_SEED
from service.wire.job import MetricsAnswer, failure_problem

MOST_RESTARTS = 1024
STACK_SECONDS = 3
"""An iteration of a stack takes about as long as one of so many networks alone."""

Restarts = Annotated[int, Field(ge=1, le=MOST_RESTARTS)]


def planned(
    restarts: int | None, first_seed: int | None, specification: Specification, samples: int
) -> Plan | None:
    """Trainings from `first_seed` on, None without restarts; raises `OutOfDomain`.

    `first_seed` is the architecture's, None where the network is given.
    """
    if restarts is None:
        return None
    if first_seed is None:
        raise OutOfDomain(
            "a given network begins in one way only: give an architecture to restart from",
            ("restarts",),
        )
    if first_seed + restarts - 1 > LARGEST_SEED:
        raise OutOfDomain(
            f"the last seed would be {first_seed} + {restarts - 1}, above {LARGEST_SEED}",
            ("restarts",),
        )
    return Plan.of(specification, samples, first_seed, restarts)


def priced(cost: TrainingCost, plan: Plan | None) -> TrainingCost:
    """The cost of all of them, from that of one; each is made by one worker, also in shards."""
    if plan is None:
        return cost
    specification = plan.specification
    numbers = (2 + specification.optimizer.moments) * parameter_count(specification.sizes)
    share = min(1.0, STACK_SECONDS / plan.at_once)
    return replace(
        cost,
        iterations=int(cost.iterations * max(1.0, plan.count * share)),
        operations=cost.operations * plan.count,
        memory_bytes=cost.memory_bytes * min(plan.at_once, plan.count)
        + numbers * plan.count * specification.dtype.itemsize,
        shards=0,
        exchanged_bytes=0,
    )


@dataclass(frozen=True)
class RestartAnswer:
    """The training that began with the architecture of `seed`.

    `loss` is that after `iteration` iterations; `finished` says that it has made all of them, or
    was stopped early. With an `error` it is out of the race. The network of the job is that of the
    `best`.
    """

    seed: int
    iteration: int
    loss: float | None
    metrics: MetricsAnswer
    finished: bool
    error: Problem | None
    best: bool

    @staticmethod
    def of(restarts: Sequence[Restart]) -> "list[RestartAnswer]":
        """All of them, in the order of their seeds."""
        best = number_of_best(restarts) if restarts else None
        return [
            RestartAnswer(
                seed=one.seed,
                iteration=one.iteration,
                loss=one.loss,
                metrics=MetricsAnswer.of(one.metrics),
                finished=one.finished,
                error=failure_problem(one.failure),
                best=number == best,
            )
            for number, one in enumerate(restarts)
        ]
