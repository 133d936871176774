"""The request and the result of an approximation's job."""

from typing import Annotated

import numpy as np
from fastapi import Depends

from core.approximation.convergence import Comparison
from core.approximation.request import ComparisonRequest
from core.approximation.result import Approximation
from core.neural_network import NeuralNetwork
from service.dependencies import JobOf, StoreOf
from service.errors import NotFinished, ResultNotFound
from service.jobs.approximation.request_bytes import Request, request_from_bytes
from service.jobs.approximation.result_bytes import comparison_from_bytes, from_bytes
from service.jobs.approximation.spec_json import ApproximationJobSpec
from service.jobs.job import Job, JobState
from service.jobs.job_spec import parse_job_spec
from service.jobs.storage.store import Store

Result = Approximation | Comparison


def is_training(store: Store, job: Job) -> bool:
    """Whether the job has weights and a history; raises `JobNotFound`."""
    return not isinstance(parse_job_spec(store.specification(job.id)), ApproximationJobSpec)


def _training(job: JobOf, store: StoreOf) -> Job:
    if not is_training(store, job):
        raise ResultNotFound(
            "the job is an approximation, no training: it has a result at /approximation, "
            "a picture at /plot, and a network"
        )
    return job


TrainingOf = Annotated[Job, Depends(_training)]
"""The job of the path; one that is no training: `ResultNotFound`."""


def approximation_spec(store: Store, job: Job) -> ApproximationJobSpec:
    """The specification of the job; raises `ResultNotFound` for a training."""
    match parse_job_spec(store.specification(job.id)):
        case ApproximationJobSpec() as spec:
            return spec
        case _:
            raise ResultNotFound("the job is a training: it has a network, and no approximation")


def result_of(store: Store, job: Job) -> tuple[Request, Result]:
    """The request and its result.

    Raises `ResultNotFound` for a training, `NotFinished` while there is no result, and where the
    job has ended without one.
    """
    spec = approximation_spec(store, job)
    if job.state != JobState.SUCCEEDED:
        end = "there will be no result" if job.finished else "ask again when it has succeeded"
        raise NotFinished(f"the job is {job.state}: {end}")
    request = request_from_bytes(np.asarray(store.data(job.id)).tobytes(), spec.asked)
    content = store.checkpoint(job.id)
    if isinstance(request, ComparisonRequest):
        return request, comparison_from_bytes(content)
    return request, from_bytes(content, request)


def network_of(store: Store, job: Job) -> NeuralNetwork:
    """The network; raises as `result_of`, and `ResultNotFound` for a comparison."""
    _, result = result_of(store, job)
    if isinstance(result, Comparison):
        raise ResultNotFound("the job is a comparison: it has no network of its own")
    return result.relu_sum.as_network()
