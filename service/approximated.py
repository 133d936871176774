"""What the job of an approximation leaves behind, and what it does not."""

from functools import partial
from typing import Annotated

import numpy as np
from fastapi import Depends
from starlette.responses import Response

from core.network import NeuralNetwork
from core.worked.rounding import Rounding
from service.approximation_forms import COMPARISON_FORMS, FORMS, Shown, comparison_in_form, in_form
from service.dependencies import JobOf, StoreOf
from service.drawing import approximation_picture, convergence_picture
from service.jobs.approximation import Question, question_of
from service.jobs.approximation_text import ApproximationOrder, order_of
from service.jobs.job import Job, JobState
from service.jobs.store import Store
from service.limits import Limits
from service.negotiation import choose
from service.paper import PAPER
from service.problems import NotFinished, ResultNotFound
from service.wire.approximate_paper import require_short
from service.wire.approximation import Approximation
from service.wire.approximation_record import comparison_from_bytes, from_bytes
from service.wire.compare import CompareQuestion, Comparison
from service.wire.embedded import relu_sum_of

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


def order_for(store: Store, job: Job) -> ApproximationOrder:
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
    if isinstance(question, CompareQuestion):
        return question, comparison_from_bytes(content)
    return question, from_bytes(content, question)


def form_of(store: Store, job: Job, accept: str | None) -> str:
    """The media type to answer with; raises `NotAcceptable`, and `ResultNotFound`."""
    asked = order_for(store, job).asked
    return choose(accept, COMPARISON_FORMS if asked == "compare" else FORMS)


def answer_of(
    question: Question, result: Result, media_type: str, rounding: Rounding, limits: Limits
) -> Response:
    """What the question would have been answered at once; raises `TooLong` for a long solution."""
    if isinstance(question, CompareQuestion) or isinstance(result, Comparison):
        assert isinstance(result, Comparison)  # noqa: S101 - the question's own result
        return comparison_in_form(result, media_type)
    if media_type in PAPER:
        require_short(question)
    return in_form(Shown(question, result, rounding, limits), media_type)


def network_of(store: Store, job: Job) -> NeuralNetwork:
    """The network; raises as `result_of`, and `ResultNotFound` for a comparison."""
    _, result = result_of(store, job)
    if isinstance(result, Comparison):
        raise ResultNotFound("the job is a comparison: it has no network of its own")
    return relu_sum_of(result).as_network()


def picture_of(store: Store, job: Job, show: str, picture_format: str) -> bytes:
    """The picture; raises as `result_of`, and `ResultNotFound` for its loss."""
    if show == "loss":
        raise ResultNotFound("the job is an approximation, no training: it has no loss")
    _, result = result_of(store, job)
    draw = (
        partial(convergence_picture, result)
        if isinstance(result, Comparison)
        else partial(approximation_picture, result)
    )
    return draw(picture_format)
