"""What is measured by looking when Prometheus asks: jobs, workers, computations."""

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.errors import NotReady
from service.job_system import JobSystem
from service.jobs.executors.executor import Executor
from service.jobs.storage.availability import outage_reason
from service.thread_pool import ComputePool


@dataclass(frozen=True)
class JobCollector(Collector):
    """Of a database that is away there are no numbers, only that it is.

    Whether it takes writes is what the record last saw.
    """

    record: JobSystem
    engine: Executor
    computation: ComputePool

    def collect(self) -> Iterator[Metric]:
        """Look now."""
        states = GaugeMetricFamily("chainrule_jobs", "Jobs in the record.", labels=["state"])
        attempts = GaugeMetricFamily(
            "chainrule_job_attempts", "How often the jobs in the record were taken up."
        )
        there = self._look(states, attempts)
        yield GaugeMetricFamily(
            "chainrule_database_up",
            "Whether the record takes writes.",
            value=float(there and not self.record.unavailable_reason),
        )
        yield from (states, attempts)
        yield GaugeMetricFamily("chainrule_workers", "Workers.", value=self.engine.workers)
        yield CounterMetricFamily(
            "chainrule_worker_restarts", "Workers replaced.", value=self.engine.worker_restarts
        )
        yield GaugeMetricFamily(
            "chainrule_thread_pool_tasks",
            "Computations for answers that wait or run.",
            value=self.computation.pending,
        )

    def _look(self, states: GaugeMetricFamily, attempts: GaugeMetricFamily) -> bool:
        try:
            counts = self.record.store.count_by_state()
            attempts.add_metric([], self.record.store.count_attempts())
        except NotReady:
            return False
        except Exception as error:
            if outage_reason(error) is None:
                raise
            return False
        for state, count in counts.items():
            states.add_metric([state.value], count)
        return True
