"""The metrics of all processes of a service, whichever of them is asked."""

from collections import defaultdict
from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from service.process_group import ProcessGroup

LEAST = frozenset({"process_start_time_seconds", "process_max_fds"})
"""Metrics of a process of which the smallest value is reported; of the others the sum is."""


def registry_of(group: ProcessGroup, jobs: Collector) -> CollectorRegistry:
    """Return what one scrape reads: the sums over all processes, and the jobs in the database."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(group.directory))  # type: ignore[no-untyped-call]
    registry.register(_ProcessesCollector(group))
    registry.register(jobs)
    return registry


class _ProcessesCollector(Collector):
    """Processor time, memory and file descriptors of the serving processes together."""

    def __init__(self, group: ProcessGroup) -> None:
        self._group = group

    def collect(self) -> Iterator[Metric]:
        """Read /proc for each process."""
        found: defaultdict[str, list[Metric]] = defaultdict(list)
        for process_id in self._group.process_ids:
            collector = ProcessCollector(pid=lambda pid=process_id: pid, registry=None)  # type: ignore[misc]
            for metric in collector.collect():
                found[metric.name].append(metric)
        for name, metrics in found.items():
            values = [metric.samples[0].value for metric in metrics]
            first = metrics[0].samples[0]
            total = Metric(name, metrics[0].documentation, metrics[0].type)
            total.add_sample(first.name, {}, min(values) if name in LEAST else sum(values))
            yield total
