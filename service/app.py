"""`create_app(settings)`: the only place where things meet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from service.auth.middleware import AuthMiddleware
from service.endpoints import (
    about,
    approximate,
    backprop,
    check,
    datasets,
    exercises,
    forward,
    health,
    metrics,
    page,
    solution,
)
from service.endpoints.jobs import approximation, events, lifecycle, restarts, results, steps, train
from service.exception_handlers import add_handlers
from service.http.body_memory import BodyMemoryMiddleware
from service.http.security_headers import SecurityHeadersMiddleware, cors
from service.job_system import JobSystem
from service.jobs.executors.factory import open_engine
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.runner.retention import Retention
from service.jobs.storage.store import Store
from service.limits import Limits
from service.observability.access_log import AccessLogMiddleware
from service.observability.job_metrics import JobCollector
from service.observability.request_metrics import RequestMetrics
from service.observability.tracing import telemetry
from service.openapi import docs
from service.openapi.document import DESCRIPTION, TAGS, describe
from service.server.admission import AdmissionMiddleware
from service.settings import Settings
from service.thread_pool import ComputePool

ROUTERS = (
    forward.router,
    backprop.router,
    solution.router,
    check.router,
    exercises.router,
    approximate.router,
    approximation.router,
    train.router,
    lifecycle.router,
    results.router,
    steps.router,
    restarts.router,
    events.router,
    datasets.router,
    about.router,
    health.router,
    metrics.router,
)


def create_app(settings: Settings) -> FastAPI:
    """An application of its own: no globals are read, so a test may build ten side by side.

    Database, workers and threads are there while its lifespan lasts.
    """
    measures = RequestMetrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = open_engine(settings)
        retention = Retention(
            settings.retention_seconds, settings.max_finished_jobs, settings.max_datasets
        )
        record = JobSystem(
            lambda: Store(settings.database_url, queue_limit=settings.max_queued_jobs),
            lambda store: Dispatcher(store, engine, retention=retention),
        )
        app.state.record = record
        computation = ComputePool(
            settings.thread_pool_size,
            settings.thread_pool_queue_size,
            settings.request_timeout_seconds,
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
    app.add_middleware(
        BodyMemoryMiddleware, max(settings.max_total_body_bytes, settings.max_body_bytes)
    )
    app.add_middleware(AuthMiddleware, settings)
    app.add_middleware(AdmissionMiddleware)
    if settings.cors_origins:
        app.add_middleware(CORSMiddleware, **cors(settings.cors_origins))
    app.add_middleware(SecurityHeadersMiddleware)
    app.add_middleware(AccessLogMiddleware, measures)
    add_handlers(app)
    for router in ROUTERS:
        # FastAPI's own way of including asks each router three times about every request.
        app.router.routes.extend(router.routes)
    page.add_page(app)
    docs.add_docs(app)
    describe(app)
    return app
