"""What a training leaves behind: its history, its network, its picture."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from service.contract import refusals, with_pictures
from service.dependencies import ComputationOf, StoreOf
from service.drawing import training_picture
from service.endpoints.train import JobId
from service.negotiation import PICTURE_TYPES, choose, picture_response
from service.strict_json import StrictJsonRoute
from service.trained import trained_network
from service.wire.answer import ArrayResponse
from service.wire.history import HistoryAnswer, history_of
from service.wire.network import NetworkAnswer

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])

PICTURE_OPERATIONS = 10**8
"""A picture takes a good part of a second."""


class HistoryQuery(BaseModel):
    """How much of the history."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    points: int = Field(
        10_000, ge=10, le=1_000_000, description="at most so many; the extremes are kept"
    )


class PlotQuery(BaseModel):
    """What to draw."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    show: Literal["prediction", "loss"] = Field(
        "prediction",
        description="the prediction with the data (one or two inputs), or the loss by iteration",
    )


@router.get("/train/{id}/history", response_model=HistoryAnswer, responses=refusals(404, 422))
def get_history(id: JobId, query: Annotated[HistoryQuery, Query()], store: StoreOf) -> Response:
    """Loss and metrics by iteration, so far."""
    return ArrayResponse(history_of(store, id, query.points))


@router.get("/train/{id}/network", response_model=NetworkAnswer, responses=refusals(404))
def get_network(id: JobId, store: StoreOf) -> Response:
    """The network as `/forward` takes it: the trained one, or while it trains the latest."""
    return ArrayResponse(NetworkAnswer.of(trained_network(store, id)))


@router.get(
    "/train/{id}/plot",
    response_class=Response,
    responses=with_pictures({}) | refusals(404, 406, 422, 503),
)
async def get_plot(
    id: JobId,
    query: Annotated[PlotQuery, Query()],
    store: StoreOf,
    computation: ComputationOf,
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Response:
    """The decision surface with the data (two inputs), the prediction (one), or the loss."""
    media_type = choose(accept, PICTURE_TYPES)

    def draw() -> Response:
        return picture_response(media_type, partial(training_picture, store, id, query.show))

    return await computation.run(draw, PICTURE_OPERATIONS)
