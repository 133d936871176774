"""Renews the leases of a dispatcher and stops jobs that are cancelled or fenced off."""

import asyncio
from collections.abc import Collection
from time import monotonic

from service.jobs.job import JobState
from service.jobs.leases.lease_store import LeaseStore
from service.jobs.runner.job_run import JobRun


class LeaseMonitor:
    """Monitors the runs of one dispatcher, whose leases last `lease_seconds`."""

    def __init__(self, claims: LeaseStore, lease_seconds: float) -> None:
        self._claims = claims
        self._renew_every = lease_seconds / 4
        self._renewed = monotonic()

    async def tick(self, runs: Collection[JobRun]) -> None:
        """Stop runs that are asked to stop or fenced off, and renew the leases when it is time."""
        if not runs:
            return
        known = tuple(runs)  # jobs acquired from here on are not in the answer yet
        held = await asyncio.to_thread(self._claims.current)
        for run in known:
            job = held.get(run.job_id)
            if job is None or job.attempt != run.attempt:
                run.stop(grace=0.0)
            elif job.state == JobState.CANCELLING:
                run.cancel()
        if monotonic() - self._renewed >= self._renew_every:
            await asyncio.to_thread(self._claims.renew)
            self._renewed = monotonic()
