"""`restarts` of POST /train, and GET /train/{id}/restarts: many trainings as one job."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from service.http.problems import Problem
from service.jobs.restarts.state import Restart
from service.schemas.training.job import MetricsResponse, failure_problem

MAX_RESTARTS = 1024
STACK_SECONDS = 3
"""The time of an iteration of a stack, in iterations of single networks."""

Restarts = Annotated[int, Field(ge=1, le=MAX_RESTARTS)]


@dataclass(frozen=True)
class RestartResponse:
    """The training that began with the architecture of `seed`.

    `loss` is that after `iteration` iterations; `finished` says that it has made all of them, or
    was stopped early. With an `error` it is out of the race. The network of the job is that of the
    `best`.
    """

    seed: int
    iteration: int
    loss: float | None
    metrics: MetricsResponse
    finished: bool
    error: Problem | None
    best: bool

    @staticmethod
    def of(restarts: Sequence[Restart], best: int | None) -> "list[RestartResponse]":
        """All of them, in the order of their seeds; `best` is the place of the job's network."""
        return [
            RestartResponse(
                seed=one.seed,
                iteration=one.iteration,
                loss=one.loss,
                metrics=MetricsResponse.of(one.metrics),
                finished=one.finished,
                error=failure_problem(one.failure),
                best=number == best,
            )
            for number, one in enumerate(restarts)
        ]
