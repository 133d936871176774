"""What a job leaves behind: its history, its network, its picture."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from core.export.network.formats import NETWORK_FORMATS
from service.dependencies import Accept, ComputationOf, JobOf, LimitsOf, StoreOf
from service.errors import ResultNotFound
from service.http.conditional_requests import conditional_response, etag
from service.http.content_negotiation import PICTURE_TYPES, choose
from service.http.json_route import StrictJsonRoute
from service.jobs.job import Job
from service.jobs.storage.store import Store
from service.limits import Limits
from service.openapi.responses import NOT_MODIFIED, error_responses, with_pictures
from service.representations.approximation import picture_of
from service.representations.files import choose_form, with_files
from service.representations.network import network_forms
from service.representations.plots import training_picture
from service.representations.represent import as_json, as_pictures
from service.representations.score_plots import Part, score_picture
from service.results.approximation import TrainingOf, is_training
from service.results.history import history_of
from service.results.model_source import job_network
from service.results.surface import surface_of
from service.results.training import network_after, trained_network
from service.schemas.file_formats import NetworkQuery
from service.schemas.network import NetworkResponse
from service.schemas.training.curves import HistoryResponse, SurfaceResponse
from service.serialization.json_writer import ArrayResponse
from service.submission.submit import IfNoneMatch

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])

HISTORY_OPERATIONS = 10**7
"""Of 10⁷ iterations it takes a second and 400 MiB, so not many at the same time."""
PICTURE_OPERATIONS = 10**8
"""A picture takes a good part of a second."""


class HistoryQuery(BaseModel):
    """How much of the history."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    points: int = Field(
        10_000, ge=10, le=1_000_000, description="maximum points; the extremes are kept"
    )


class PlotQuery(BaseModel):
    """What to draw."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    show: Literal["prediction", "loss", "confusion", "roc", "residuals"] = Field(
        "prediction",
        description="the prediction with the data (one or two inputs), the loss by iteration; of "
        "classes the confusion matrix or ROC curves, of numbers the errors",
    )
    part: Part | None = Field(
        None,
        description="of which rows confusion, roc and residuals are; by default the first of test, "
        "folds, validation and training that exists",
    )
    points: int = Field(
        61, ge=2, le=501, description="as JSON: numbers of each input on the grid of the surface"
    )
    iteration: int | None = Field(
        None, ge=0, le=2**53, description="as JSON: the network after this iteration"
    )


@router.get(
    "/train/{id}/history",
    response_model=HistoryResponse,
    responses=NOT_MODIFIED | error_responses(404, 422, 503),
)
async def get_history(
    job: TrainingOf,
    query: Annotated[HistoryQuery, Query()],
    store: StoreOf,
    computation: ComputationOf,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Loss and metrics by iteration, so far."""
    return await computation.run(
        lambda: conditional_response(
            etag(job.version, str(query.points)),
            if_none_match,
            lambda: ArrayResponse(history_of(store, job, query.points)),
        ),
        HISTORY_OPERATIONS,
    )


@router.get(
    "/train/{id}/network",
    response_model=NetworkResponse,
    responses=with_files(NOT_MODIFIED, NETWORK_FORMATS) | error_responses(404, 406, 409, 422, 503),
)
async def get_network(
    job: JobOf,
    query: Annotated[NetworkQuery, Query()],
    store: StoreOf,
    computation: ComputationOf,
    accept: Accept = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The network as `/forward` takes it: the trained one, or while it trains the latest.

    Of an approximation's job that of ReLUs, once it has been found. By `format` or `Accept` it is a
    file: the parameters (npz, safetensors), an ONNX model, or source code that computes the network
    (C99, Python, JavaScript) or builds it (PyTorch). Python without NumPy and PyTorch share the
    media type of Python: only `format` asks for them.
    """
    forms = network_forms(lambda: query.converted(job_network(store, job, query.at)))
    form = choose_form(query.format, accept, forms)
    return await computation.run(
        lambda: conditional_response(
            etag(job.version, query.name(form)), if_none_match, forms[form].write
        ),
        forms[form].operations,
    )


def _picture(
    store: Store, job: Job, query: PlotQuery, limits: Limits, picture_format: str
) -> bytes:
    if not is_training(store, job):
        return picture_of(store, job, query.show, picture_format)
    if query.show == "prediction" or query.show == "loss":
        return training_picture(store, job, query.show, picture_format)
    return score_picture(store, job, query.show, query.part, limits, picture_format)


@router.get(
    "/train/{id}/plot",
    response_model=SurfaceResponse,
    responses=with_pictures(NOT_MODIFIED) | error_responses(404, 406, 409, 422, 503),
)
async def get_plot(
    job: JobOf,
    query: Annotated[PlotQuery, Query()],
    store: StoreOf,
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The decision surface with the data (two inputs), the prediction (one), the loss, the scores.

    Of an approximation's job the approximation, or the comparison. As JSON the surface alone: the
    outputs of a trained network with two inputs on a grid, also of an earlier iteration.
    """

    def surface() -> SurfaceResponse:
        if not is_training(store, job):
            raise ResultNotFound("the job is an approximation: it has a picture, and no surface")
        network = (
            trained_network(store, job.id)
            if query.iteration is None
            else network_after(store, job, query.iteration, limits)
        )
        found = surface_of(store, job, network, query.points, limits)
        return SurfaceResponse(found.x1, found.x2, found.z)

    forms = {
        **as_pictures(partial(_picture, store, job, query, limits), PICTURE_OPERATIONS),
        **as_json(surface, PICTURE_OPERATIONS),
    }
    media_type = choose(accept, forms)
    form = PICTURE_TYPES.get(media_type, f"json-{query.points}-{query.iteration}")
    tag = etag(job.version, f"{query.show}-{query.part}-{form}")
    return await computation.run(
        lambda: conditional_response(tag, if_none_match, forms[media_type].write),
        PICTURE_OPERATIONS,
    )
