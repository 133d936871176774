"""What exists while the application runs: the job system, the workers, the thread pool."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from service.job_system import JobSystem
from service.jobs.executors.factory import open_executor
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.runner.retention import Retention
from service.jobs.storage.store import Store
from service.observability.group_metrics import registry_of
from service.observability.job_metrics import JobCollector, ProcessMetrics
from service.observability.request_metrics import RequestMetrics
from service.process_group import GroupMessages, ProcessGroup
from service.settings import Settings
from service.thread_pool import ComputePool
from service.warm_up import import_plots

METRICS_SECONDS = 1.0
"""How often a process of several writes its numbers for the others to report."""


def lifespan(
    settings: Settings, requests: RequestMetrics, group: ProcessGroup | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return the lifespan of an application: opened at the start, closed at the end."""
    process_metrics = ProcessMetrics(requests.registry)

    @asynccontextmanager
    async def run(app: FastAPI) -> AsyncIterator[None]:
        engine = open_executor(settings, runs_jobs=group is None or group.runs_jobs)
        retention = Retention(
            settings.retention_seconds, settings.max_finished_jobs, settings.max_datasets
        )
        messages = None if group is None else GroupMessages(group)

        def start_dispatcher(store: Store) -> Dispatcher:
            dispatcher = Dispatcher(store, engine, retention=retention)
            if messages is not None:
                store.notices.subscribe(messages.send)
                loop = asyncio.get_running_loop()
                loop.add_reader(messages, messages.receive, dispatcher.note_change)
            return dispatcher

        job_system = JobSystem(
            lambda: Store(settings.database_url, queue_limit=settings.max_queued_jobs),
            start_dispatcher,
        )
        app.state.job_system = job_system
        computation = ComputePool(
            settings.thread_pool_size,
            settings.thread_pool_queue_size,
            settings.request_timeout_seconds,
        )
        app.state.computation = computation
        jobs = JobCollector(job_system)
        app.state.update_metrics = lambda: process_metrics.update(engine, computation)
        if group is None:
            requests.registry.register(jobs)
            app.state.metrics = requests.registry
        else:
            app.state.metrics = registry_of(group, jobs)
        updates = asyncio.create_task(_repeat(app.state.update_metrics))
        warm_up = asyncio.create_task(import_plots(computation))
        app.state.stopping = False
        try:
            await job_system.open()
            yield
        finally:
            app.state.stopping = True
            updates.cancel()
            warm_up.cancel()
            job_system.release_waits()
            if messages is not None:
                asyncio.get_running_loop().remove_reader(messages)
            await job_system.close()
            if messages is not None:
                messages.close()
            await engine.close()
            computation.close()
            if group is None:
                requests.registry.unregister(jobs)

    return run


async def _repeat(update: Callable[[], None]) -> None:
    while True:
        update()
        await asyncio.sleep(METRICS_SECONDS)
