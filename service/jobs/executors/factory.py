"""The executor of the settings: processes of this machine, or a cluster."""

from core.training.compiled import cache
from service.jobs.executors.executor import Executor
from service.jobs.executors.process_executor import ProcessExecutor
from service.settings import Settings

WORKER_BYTES = 2**29
"""Memory of a worker beyond its job, whose own memory is estimated on submission."""


def open_executor(settings: Settings, *, runs_jobs: bool = True) -> Executor:
    """Return the executor of the settings, without workers unless it `runs_jobs`.

    Needs a running event loop.
    """
    if not runs_jobs:
        return ProcessExecutor(0)
    if settings.dask_scheduler:
        return _cluster(settings)
    return ProcessExecutor(
        settings.workers,
        WORKER_BYTES + 2 * settings.max_job_bytes,
        loads_kernels=settings.arithmetic != "numpy" and cache.is_ready(),
    )


def _cluster(settings: Settings) -> Executor:
    # Dask is an optional extra and slow to import.
    from service.jobs.executors.dask_connection import Tls
    from service.jobs.executors.dask_executor import DaskExecutor

    tls = Tls(
        settings.dask_scheduler_ca_file,
        settings.dask_scheduler_certificate_file,
        settings.dask_scheduler_key_file,
    )
    return DaskExecutor(settings.dask_scheduler, tls if tls.ca_file else None)
