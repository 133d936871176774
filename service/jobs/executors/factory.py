"""Creates the executor that the settings ask for."""

from service.jobs.executors.executor import Executor
from service.jobs.executors.process_executor import ProcessExecutor
from service.settings import Settings

WORKER_BYTES = 2**29
"""Memory of a worker beyond the estimated memory of its job."""


def open_engine(settings: Settings) -> Executor:
    """The executor of the settings; needs a running event loop."""
    if settings.dask_scheduler:
        return _cluster(settings)
    return ProcessExecutor(settings.workers, WORKER_BYTES + 2 * settings.max_job_bytes)


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
