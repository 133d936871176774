"""The trainings of a job with restarts, one by one."""

from fastapi import APIRouter, Response

from service.approximated import TrainingOf
from service.conditional import etag, fresh
from service.contract import NOT_MODIFIED, refusals
from service.dependencies import StoreOf
from service.endpoints.jobs import IfNoneMatch
from service.restarted import restarts_of
from service.strict_json import StrictJsonRoute
from service.wire.answer import ArrayResponse
from service.wire.restarts import RestartAnswer

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])


@router.get(
    "/train/{id}/restarts",
    response_model=list[RestartAnswer],
    responses=NOT_MODIFIED | refusals(404),
)
def get_restarts(job: TrainingOf, store: StoreOf, if_none_match: IfNoneMatch = None) -> Response:
    """How far each of the restarts is, in the order of their seeds.

    The list of a training without restarts is empty.
    """
    return fresh(
        etag(job.version),
        if_none_match,
        lambda: ArrayResponse(RestartAnswer.of(restarts_of(store, job.id))),
    )
