"""Check that all responses to the clients are consistent; one sentence per broken promise."""

from collections.abc import Iterator
from itertools import pairwise

from service.jobs.job import ALLOWED, FINISHED, JobState
from tests.acceptance.chaos.record import Answer, Record


def broken_promises(record: Record) -> list[str]:
    """All of them; an empty list is a verdict of not guilty."""
    return [
        *record.surprises,
        *_lost_jobs(record),
        *_doubled_jobs(record),
        *_failed_without_cause(record),
        *_broken_streams(record),
        *_illegal_moves(record),
        *_steps_back(record),
        *_disobedience(record),
        *_different_networks(record),
        *_slow_stops(record),
    ]


def _lost_jobs(record: Record) -> Iterator[str]:
    forgotten = {call.job_id for call in record.calls if call.kind == "forget"}
    for job_id in record.job_ids():
        final = record.final.get(job_id)
        if final is None and job_id not in forgotten:
            yield f"{job_id} was accepted and is gone"
        if final is not None and final["state"] not in FINISHED:
            yield f"{job_id} never came to an end: it is {final['state']}"


def _doubled_jobs(record: Record) -> Iterator[str]:
    for key, ids in record.accepted.items():
        if len(ids) != 1:
            yield f"the key {key} gave {len(ids)} jobs"


def _failed_without_cause(record: Record) -> Iterator[str]:
    for job_id, final in record.final.items():
        if final is not None and final["state"] == JobState.FAILED:
            kind = final["error"]["type"].rpartition(":")[2]
            if kind != "worker-lost" or final["attempt"] < 3:
                yield f"{job_id} failed in attempt {final['attempt']}: {final['error']['detail']}"


def _broken_streams(record: Record) -> Iterator[str]:
    for job_id, events in record.streams.items():
        numbers = [number for number, _ in events]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"the stream of {job_id} has the events {numbers}"
        ends = sum(job["state"] in FINISHED for _, job in events)
        if job_id in record.ended and ends != 1:
            yield f"{job_id} ended {ends} times in its stream"
        if job_id in record.ended and record.final.get(job_id) not in (None, events[-1][1]):
            yield f"{job_id} changed after the end of its stream"


def _illegal_moves(record: Record) -> Iterator[str]:
    for job_id, events in record.streams.items():
        states = [JobState(job["state"]) for _, job in events]
        for before, after in pairwise(states):
            if before is not after and after not in ALLOWED[before]:
                yield f"{job_id} went from {before} to {after}"


def _steps_back(record: Record) -> Iterator[str]:
    """What was answered before a request was sent is not older than that request's answer."""
    calls_by_job: dict[str, list] = {}
    for call in sorted(record.calls, key=lambda call: call.received):
        if call.job is not None:
            calls_by_job.setdefault(call.job_id, []).append(call)
    for job_id, calls in calls_by_job.items():
        for later in calls:
            known = [call for call in calls if call.received < later.sent]
            if known and _progress(known[-1].job) > _progress(later.job):
                yield f"{job_id} went back from {known[-1].job} to {later.job}"


def _progress(job: Answer) -> tuple[bool, int, int]:
    return job["state"] in FINISHED, job["attempt"], job["iteration"]


def _disobedience(record: Record) -> Iterator[str]:
    for call in record.calls:
        final = record.final.get(call.job_id)
        if call.kind == "cancel" and call.status == 200:
            asked = call.job["state"]
            if asked not in (JobState.CANCELLED, JobState.CANCELLING):
                yield f"{call.job_id} was cancelled and is {asked}"
            if asked == JobState.CANCELLED and final not in (None, call.job):
                yield f"{call.job_id} changed after it was cancelled"
        if call.kind == "forget" and call.status == 204 and final is not None:
            yield f"{call.job_id} was forgotten and is {final['state']}"


def _different_networks(record: Record) -> Iterator[str]:
    by_body: dict[int, set[str]] = {}
    for key, ids in record.accepted.items():
        for job_id in ids & record.networks.keys():
            by_body.setdefault(record.bodies[key], set()).add(record.networks[job_id])
    for body, networks in by_body.items():
        if len(networks) != 1:
            yield f"body {body} gave {len(networks)} different networks"


def _slow_stops(record: Record) -> Iterator[str]:
    for seconds in record.stops:
        if seconds > 5.0:
            yield f"the service took {seconds:.1f} s to stop"
