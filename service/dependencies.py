"""What endpoints ask for by type: each is made once, in `create_app`."""

from typing import Annotated

from fastapi import Depends, Path, Request

from service.computation import Computation
from service.jobs.driver import Driver
from service.jobs.job import Job
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


async def _driver(request: Request) -> Driver:
    driver: Driver = request.app.state.driver
    return driver


LimitsOf = Annotated[Limits, Depends(_limits)]
ComputationOf = Annotated[Computation, Depends(_computation)]
StoreOf = Annotated[Store, Depends(_store)]
DriverOf = Annotated[Driver, Depends(_driver)]
JobId = Annotated[str, Path(alias="id", description="as POST /train gave it", max_length=100)]


def _job(job_id: JobId, store: StoreOf) -> Job:
    return store.find(job_id)


JobOf = Annotated[Job, Depends(_job)]
"""The job of the path; there is none: `JobNotFound`."""
