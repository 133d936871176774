"""What endpoints ask for by type: each is made once, in `create_app`."""

from typing import Annotated

from fastapi import Depends, Request

from service.computation import Computation
from service.jobs.store import Store
from service.limits import Limits


async def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


async def _computation(request: Request) -> Computation:
    computation: Computation = request.app.state.computation
    return computation


async def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


LimitsOf = Annotated[Limits, Depends(_limits)]
ComputationOf = Annotated[Computation, Depends(_computation)]
StoreOf = Annotated[Store, Depends(_store)]
