"""What is measured by looking when Prometheus asks: jobs, workers, computations."""

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.errors import NotReady
from service.job_system import Record
from service.jobs.executors.executor import Engine
from service.jobs.storage.availability import unavailable
from service.thread_pool import Computation


@dataclass(frozen=True)
class JobCollector(Collector):
    """Of a database that is away there are no numbers, only that it is.

    Whether it takes writes is what the record last saw.
    """

    record: Record
    engine: Engine
    computation: Computation

    def collect(self) -> Iterator[Metric]:
        """Look now."""
        states = GaugeMetricFamily("chainrule_jobs", "Jobs in the record.", labels=["state"])
        attempts = GaugeMetricFamily(
            "chainrule_job_attempts", "How often the jobs in the record were taken up."
        )
        there = self._look(states, attempts)
        yield GaugeMetricFamily(
            "chainrule_record_up",
            "Whether the record takes writes.",
            value=float(there and not self.record.why),
        )
        yield from (states, attempts)
        yield GaugeMetricFamily("chainrule_workers", "Workers.", value=self.engine.workers)
        yield CounterMetricFamily(
            "chainrule_worker_restarts", "Workers replaced.", value=self.engine.restarts
        )
        yield GaugeMetricFamily(
            "chainrule_computations",
            "Computations for answers that wait or run.",
            value=self.computation.under_way,
        )

    def _look(self, states: GaugeMetricFamily, attempts: GaugeMetricFamily) -> bool:
        try:
            counts = self.record.store.count_by_state()
            attempts.add_metric([], self.record.store.count_attempts())
        except NotReady:
            return False
        except Exception as error:
            if unavailable(error) is None:
                raise
            return False
        for state, count in counts.items():
            states.add_metric([state.value], count)
        return True
