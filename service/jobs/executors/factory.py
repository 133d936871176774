"""Where jobs are trained: in processes of this machine, or on a cluster."""

from service.jobs.executors.executor import Engine
from service.jobs.executors.process_executor import ProcessEngine
from service.settings import Settings

WORKER_BYTES = 2**29
"""What a worker may have besides its job, whose own memory was estimated before."""


def open_engine(settings: Settings) -> Engine:
    """The engine of the settings; wants a running event loop."""
    if settings.scheduler:
        return _cluster(settings)
    return ProcessEngine(settings.workers, WORKER_BYTES + 2 * settings.max_job_bytes)


def _cluster(settings: Settings) -> Engine:
    # An extra, and slow to import: who trains here needs neither.
    from service.jobs.executors.dask_connection import Tls
    from service.jobs.executors.dask_executor import ClusterEngine

    tls = Tls(
        settings.scheduler_ca_file,
        settings.scheduler_certificate_file,
        settings.scheduler_key_file,
    )
    return ClusterEngine(settings.scheduler, tls if tls.ca_file else None)
