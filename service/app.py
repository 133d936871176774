"""`create_app(settings)`: the only place where things meet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from service.computation import Computation
from service.endpoints import (
    approximate,
    approximation_job,
    backprop,
    check,
    datasets,
    docs,
    exercises,
    forward,
    health,
    job_events,
    job_restarts,
    job_results,
    job_steps,
    jobs,
    metrics,
    solution,
    train,
)
from service.engines import open_engine
from service.handlers import add_handlers
from service.jobs.driver import Driver
from service.jobs.retention import Retention
from service.jobs.store import Store
from service.limits import Limits
from service.observability.jobs import JobCollector
from service.observability.measures import Measures
from service.observability.traces import telemetry
from service.observability.watch import Watch
from service.openapi_document import DESCRIPTION, TAGS, describe
from service.record import Record
from service.security.door import Door
from service.security.headers import Headers, cors
from service.settings import Settings
from service.transport.line import Line
from service.transport.room import Room

ROUTERS = (
    forward.router,
    backprop.router,
    solution.router,
    check.router,
    exercises.router,
    approximate.router,
    approximation_job.router,
    train.router,
    jobs.router,
    job_results.router,
    job_steps.router,
    job_restarts.router,
    job_events.router,
    datasets.router,
    health.router,
    metrics.router,
)


def create_app(settings: Settings) -> FastAPI:
    """An application of its own: no globals are read, so a test may build ten side by side.

    Database, workers and threads are there while its lifespan lasts.
    """
    measures = Measures()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = open_engine(settings)
        retention = Retention(settings.retention_seconds, settings.max_finished_jobs)
        record = Record(
            lambda: Store(settings.database_url, queue_limit=settings.max_queued_jobs),
            lambda store: Driver(store, engine, retention=retention),
        )
        app.state.record = record
        computation = Computation(
            settings.computing_threads, settings.computing_queue, settings.computing_seconds
        )
        app.state.computation = computation
        looked_at = JobCollector(record, engine, computation)
        measures.registry.register(looked_at)
        app.state.stopping = False
        try:
            await record.open()
            yield
        finally:
            app.state.stopping = True
            await record.close()
            await engine.close()
            computation.close()
            measures.registry.unregister(looked_at)

    app = FastAPI(
        title="Chainrule",
        version=version("chainrule"),
        summary="Small neural networks over HTTP that show their work.",
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry=telemetry(settings.telemetry),
    )
    app.state.measures = measures
    app.state.limits = Limits(settings)
    app.add_middleware(Room, max(settings.max_bodies_bytes, settings.max_body_bytes))
    app.add_middleware(Door, settings)
    app.add_middleware(Line)
    if settings.cors_origins:
        app.add_middleware(CORSMiddleware, **cors(settings.cors_origins))
    app.add_middleware(Headers)
    app.add_middleware(Watch, measures)
    add_handlers(app)
    for router in ROUTERS:
        # FastAPI's own way of including asks each router three times about every request.
        app.router.routes.extend(router.routes)
    docs.add_docs(app)
    describe(app)
    return app
