"""Metrics that are read when Prometheus asks: jobs, workers, the thread pool."""

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.errors import NotReady
from service.job_system import JobSystem
from service.jobs.executors.executor import Executor
from service.jobs.storage.availability import outage_reason
from service.thread_pool import ComputePool


@dataclass(frozen=True)
class JobCollector(Collector):
    """Jobs in the database; while it is unavailable, only that it is."""

    job_system: JobSystem

    def collect(self) -> Iterator[Metric]:
        """Read the database."""
        states = GaugeMetricFamily("chainrule_jobs", "Jobs in the database.", labels=["state"])
        attempts = GaugeMetricFamily(
            "chainrule_job_attempts", "Attempts of all jobs in the database together."
        )
        is_there = self._read(states, attempts)
        yield GaugeMetricFamily(
            "chainrule_database_up",
            "Whether the database accepts writes.",
            value=float(is_there and not self.job_system.unavailable_reason),
        )
        yield from (states, attempts)

    def _read(self, states: GaugeMetricFamily, attempts: GaugeMetricFamily) -> bool:
        try:
            counts = self.job_system.store.count_by_state()
            attempts.add_metric([], self.job_system.store.count_attempts())
        except NotReady:
            return False
        except Exception as error:
            if outage_reason(error) is None:
                raise
            return False
        for state, count in counts.items():
            states.add_metric([state.value], count)
        return True


class ProcessMetrics:
    """Metrics of each process, summed over several processes."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._workers = Gauge(
            "chainrule_workers",
            "Worker processes, or workers of the cluster.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._tasks = Gauge(
            "chainrule_thread_pool_tasks",
            "Computations of requests that wait or run.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._restarts = Counter(
            "chainrule_worker_restarts", "Workers that were replaced.", registry=registry
        )
        self._restarts_counted = 0

    def update(self, engine: Executor, computation: ComputePool) -> None:
        """Set the values as they are now."""
        self._workers.set(engine.workers)
        self._tasks.set(computation.pending)
        self._restarts.inc(engine.worker_restarts - self._restarts_counted)
        self._restarts_counted = engine.worker_restarts
