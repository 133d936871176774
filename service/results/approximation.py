"""What the job of an approximation leaves behind, and what it does not."""

from typing import Annotated

import numpy as np
from fastapi import Depends

from core.approximation.convergence import Comparison
from core.approximation.result import Approximation, relu_sum_of
from core.neural_network import NeuralNetwork
from service.dependencies import JobOf, StoreOf
from service.errors import NotFinished, ResultNotFound
from service.jobs.approximation.result_bytes import comparison_from_bytes, from_bytes
from service.jobs.approximation.spec_json import ApproximationJobSpec, order_of
from service.jobs.approximation.task import Question, question_of
from service.jobs.job import Job, JobState
from service.jobs.storage.store import Store
from service.schemas.approximation.comparison import CompareRequest

Result = Approximation | Comparison


def is_training(store: Store, job: Job) -> bool:
    """Whether the job has weights and a history; raises `JobNotFound`."""
    return order_of(store.specification(job.id)) is None


def _training(job: JobOf, store: StoreOf) -> Job:
    if not is_training(store, job):
        raise ResultNotFound(
            "the job is an approximation, no training: it has a result at /approximation, "
            "a picture at /plot, and a network"
        )
    return job


TrainingOf = Annotated[Job, Depends(_training)]
"""The job of the path; one that is no training: `ResultNotFound`."""


def order_for(store: Store, job: Job) -> ApproximationJobSpec:
    """What was asked; raises `ResultNotFound` for a training."""
    order = order_of(store.specification(job.id))
    if order is None:
        raise ResultNotFound("the job is a training: it has a network, and no approximation")
    return order


def result_of(store: Store, job: Job) -> tuple[Question, Result]:
    """The question and its result.

    Raises `ResultNotFound` for a training, `NotFinished` while there is no result, and where the
    job has ended without one.
    """
    order = order_for(store, job)
    if job.state != JobState.SUCCEEDED:
        end = "there will be no result" if job.finished else "ask again when it has succeeded"
        raise NotFinished(f"the job is {job.state}: {end}")
    question = question_of(order.asked, np.asarray(store.data(job.id)).tobytes())
    content = store.checkpoint(job.id)
    if isinstance(question, CompareRequest):
        return question, comparison_from_bytes(content)
    return question, from_bytes(content, question)


def network_of(store: Store, job: Job) -> NeuralNetwork:
    """The network; raises as `result_of`, and `ResultNotFound` for a comparison."""
    _, result = result_of(store, job)
    if isinstance(result, Comparison):
        raise ResultNotFound("the job is a comparison: it has no network of its own")
    return relu_sum_of(result).as_network()
