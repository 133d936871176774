"""Dependencies of endpoints, found by type; `create_app` makes each once."""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Path, Request
from pydantic import AfterValidator

from service.auth.caller import Caller
from service.datasets.store import DatasetStore
from service.job_system import JobSystem
from service.jobs.errors import JobNotFound
from service.jobs.job import Job
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.storage.store import Store
from service.limits import Limits
from service.models.store import ModelStore
from service.thread_pool import ComputePool


async def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits.of(request.scope["caller"])


async def _computation(request: Request) -> ComputePool:
    computation: ComputePool = request.app.state.computation
    return computation


async def _store(request: Request) -> Store:
    job_system: JobSystem = request.app.state.job_system
    caller: Caller = request.scope["caller"]
    return job_system.store.for_caller(caller.name)


async def _dispatcher(request: Request) -> Dispatcher:
    job_system: JobSystem = request.app.state.job_system
    return job_system.dispatcher


def _datasets(request: Request, store: "StoreOf") -> DatasetStore:
    caller: Caller = request.scope["caller"]
    return DatasetStore(store, caller.name)


async def _open_datasets(request: Request) -> Callable[[], DatasetStore]:
    def open_datasets() -> DatasetStore:
        job_system: JobSystem = request.app.state.job_system
        caller: Caller = request.scope["caller"]
        return DatasetStore(job_system.store, caller.name)

    return open_datasets


def _models(request: Request) -> ModelStore:
    job_system: JobSystem = request.app.state.job_system
    caller: Caller = request.scope["caller"]
    return ModelStore(job_system.store, caller.name, request.app.state.models)


LimitsOf = Annotated[Limits, Depends(_limits)]
ComputationOf = Annotated[ComputePool, Depends(_computation)]
StoreOf = Annotated[Store, Depends(_store)]
DatasetsOf = Annotated[DatasetStore, Depends(_datasets)]
OpenDatasets = Annotated[Callable[[], DatasetStore], Depends(_open_datasets)]
"""Opened when first needed, so that other requests work without a database."""
ModelsOf = Annotated[ModelStore, Depends(_models)]
DispatcherOf = Annotated[Dispatcher, Depends(_dispatcher)]
Accept = Annotated[str | None, Header(include_in_schema=False)]
"""The forms the client takes; the contract says them with the answers."""


def _well_formed(job_id: str) -> str:
    # PostgreSQL takes no NUL in a text; what cannot be an identifier is not looked for.
    if not JOB_ID.fullmatch(job_id):
        raise JobNotFound(job_id)
    return job_id


JOB_ID = re.compile("[0-9a-f]{32}")
JobId = Annotated[
    str, Path(alias="id", description="as POST /train gave it"), AfterValidator(_well_formed)
]


def _job(job_id: JobId, store: StoreOf) -> Job:
    return store.find(job_id)


JobOf = Annotated[Job, Depends(_job)]
"""The job of the path; raises `JobNotFound`."""
