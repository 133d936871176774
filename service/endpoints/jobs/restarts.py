"""The trainings of a job with restarts, one by one."""

from fastapi import APIRouter, Response

from service.dependencies import StoreOf
from service.http.conditional_requests import conditional_response, etag
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import NOT_MODIFIED, error_responses
from service.results.approximation import TrainingOf
from service.results.best_restart import restarts_of
from service.schemas.training.restarts import RestartResponse
from service.serialization.json_writer import ArrayResponse
from service.submission.submit import IfNoneMatch

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])


@router.get(
    "/train/{id}/restarts",
    response_model=list[RestartResponse],
    responses=NOT_MODIFIED | error_responses(404),
)
def get_restarts(job: TrainingOf, store: StoreOf, if_none_match: IfNoneMatch = None) -> Response:
    """How far each of the restarts is, in the order of their seeds.

    Of a cross-validation the training on all rows comes first, then that of each fold.
    The list of a training without restarts is empty.
    """
    return conditional_response(
        etag(job.version),
        if_none_match,
        lambda: ArrayResponse(RestartResponse.of(*restarts_of(store, job.id))),
    )
