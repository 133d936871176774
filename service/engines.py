"""Where jobs are trained: in processes of this machine, or on a cluster."""

from service.jobs.engine import Engine
from service.jobs.process_engine import ProcessEngine
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
    from service.jobs.cluster_engine import ClusterEngine
    from service.jobs.cluster_link import Tls

    tls = Tls(
        settings.scheduler_ca_file,
        settings.scheduler_certificate_file,
        settings.scheduler_key_file,
    )
    return ClusterEngine(settings.scheduler, tls if tls.ca_file else None)
