"""`Prefer: respond-async` (RFC 7240): an approximation as a job in place of an answer."""

import io
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from fastapi import Depends, Header, Request, Response

from service.dependencies import ComputationOf, LimitsOf
from service.http.prefer import RESPOND_ASYNC, applied, wait_seconds, wants_job
from service.job_system import JobSystem
from service.jobs.approximation.request_bytes import Request as ApproximationOrComparison
from service.jobs.approximation.request_bytes import request_to_bytes
from service.jobs.approximation.spec_json import ApproximationJobSpec
from service.jobs.step_result import StepResult
from service.jobs.storage.submission import Submission
from service.openapi.responses import Responses
from service.schemas.training.job import JobResponse
from service.serialization.json_digest import json_digest
from service.submission.submit import IdempotencyKey, accepted, job_address, job_response
from service.submission.waiting import wait_until_finished

PREPARATION_OPERATIONS = 10**9
"""f is sampled, to price a tolerance."""

Prefer = Annotated[
    str | None,
    Header(
        description="`respond-async` answers 202 with a job, whose result is at "
        "`/train/{id}/approximation`; `wait=10` holds that back for up to that many seconds"
    ),
]


OR_JOB: Responses = {
    202: {
        "model": JobResponse,
        "description": "With `Prefer: respond-async`: the job, whose address is in `Location`.",
    }
}
"""The answer of a job, for the `responses` of an endpoint."""


@dataclass(frozen=True, eq=False)
class AsyncSubmission:
    """A request that may become a job."""

    request: Request
    limits: LimitsOf
    computation: ComputationOf
    prefer: str | None
    idempotency_key: str | None

    @property
    def wanted(self) -> bool:
        """Whether the client prefers a job."""
        return wants_job(self.prefer)

    async def accept(self, asked: str, request: ApproximationOrComparison) -> Response:
        """Queue the request as a job; what can be refused is refused now."""
        body = await self.request.body()

        def prepare() -> Submission:
            budget = self.limits.job_budget()
            request.require_affordable(budget)
            request.validate_early(budget)
            return self._submission(asked, request, body)

        submission = await self.computation.run(prepare, PREPARATION_OPERATIONS)
        job_system: JobSystem = self.request.app.state.job_system
        store = job_system.store.for_caller(self.request.scope["caller"].name)
        job = await accepted(store, submission, self.limits)
        seconds = wait_seconds(self.prefer)
        job = await wait_until_finished(self.request, job_system.dispatcher, job, seconds)
        headers = job_address(self.request, job) | applied(seconds, RESPOND_ASYNC)
        return job_response(job, 202, headers)

    def _submission(
        self, asked: str, request: ApproximationOrComparison, body: bytes
    ) -> Submission:
        content, key = io.BytesIO(), self.idempotency_key
        np.save(content, np.frombuffer(request_to_bytes(request), np.uint8), allow_pickle=False)
        order = ApproximationJobSpec.of(asked, self.limits.settings)
        return Submission(
            specification=order.to_text(),
            iterations=1,
            data=content.getvalue(),
            start=StepResult(checkpoint=b"", iteration=0, loss=None),
            time_limit_seconds=order.seconds,
            idempotency_key=key,
            body_digest=None if key is None else json_digest(body, asked),
            request=body,
        )


async def _background(
    request: Request,
    limits: LimitsOf,
    computation: ComputationOf,
    prefer: Prefer = None,
    idempotency_key: IdempotencyKey = None,
) -> AsyncSubmission:
    return AsyncSubmission(request, limits, computation, prefer, idempotency_key)


BackgroundOf = Annotated[AsyncSubmission, Depends(_background)]
