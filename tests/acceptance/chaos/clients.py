"""Clients that submit, ask, cancel, forget and follow, and never give up on a connection."""

import asyncio
import json
from random import Random

import httpx

from tests.acceptance.chaos.record import Answer, Call, Record
from tests.patience import patience

BODIES = [
    {
        "architecture": {"sizes": [2, 8, 1], "activations": ["tanh", "sigmoid"], "seed": 1},
        "data": {"dataset": "moons", "samples": 60, "noise": 0.3, "seed": 2},
        "loss": "binary_cross_entropy",
    }
    | more
    for more in (
        {"iterations": 500},
        {"iterations": 20_000, "optimizer": "adam", "eta": 0.003},
        {"iterations": 60_000, "optimizer": "momentum", "eta": 0.02},
        {"iterations": 10_000, "batch_size": 16, "optimizer": "adam", "eta": 0.003},
        {
            "iterations": 10_000,
            "batch_size": 8,
            "validation_fraction": 0.25,
            "early_stopping": {"patience": 400},
        },
        {"iterations": 100_000, "precision": "float32"},
        {"iterations": 1500, "batch_size": 20, "data_parallel": 2},
        {"iterations": 1000, "optimizer": "adam", "data_parallel": 3},
        {"iterations": 8000, "restarts": 20},
        {"iterations": 1000, "batch_size": 16, "restarts": 5},
    )
]
# What a service may answer that is starting, stopping or full.
COME_BACK = {503}


class Clients:
    """Any number of clients of the service at `addresses`, until `quiet` is set."""

    def __init__(self, addresses: list[str], record: Record, chance: Random) -> None:
        self._addresses = addresses
        self._record = record
        self._chance = chance
        self._http = httpx.AsyncClient(
            timeout=patience(20.0), limits=httpx.Limits(max_connections=100)
        )
        self.quiet = asyncio.Event()

    async def close(self) -> None:
        await self._http.aclose()

    async def submit(self) -> None:
        """Orders with a key each, repeated until they are answered."""
        while not self.quiet.is_set():
            key = f"{self._chance.getrandbits(64):x}"
            number = self._chance.randrange(len(BODIES))
            self._record.bodies[key] = number
            answer = await self._insist("POST", "/train", BODIES[number], {"Idempotency-Key": key})
            if answer.status_code == 202:
                self._record.accepted.setdefault(key, set()).add(answer.json()["id"])
            else:
                self._surprise("submit", answer)
            await self._pause(0.8)

    async def ask(self) -> None:
        """How far some job is."""
        while not self.quiet.is_set():
            if job_id := self._some_job():
                await self._request("ask", job_id, "GET", f"/train/{job_id}", {200, 404})
            await self._pause(0.2)

    async def cancel(self) -> None:
        """Stop some job."""
        while not self.quiet.is_set():
            if job_id := self._some_job():
                path = f"/train/{job_id}/cancel"
                await self._request("cancel", job_id, "POST", path, {200, 404, 409})
            await self._pause(3.0)

    async def forget(self) -> None:
        """Forget some job; noted before it is asked, in case the answer is lost."""
        while not self.quiet.is_set():
            if job_id := self._some_job():
                tick = next(self._record.ticks)
                self._record.calls.append(Call("forget", job_id, 0, tick, tick, None))
                path = f"/train/{job_id}"
                await self._request("forget", job_id, "DELETE", path, {204, 404})
            await self._pause(6.0)

    async def follow(self) -> None:
        """The events of some job, all of them, over as many connections as it takes."""
        while not self.quiet.is_set():
            job_id = self._some_job()
            if job_id and job_id not in self._record.streams:
                await self.follow_job(job_id)
            await self._pause(0.5)

    async def follow_job(self, job_id: str) -> None:
        """Read until the event `end`, or until the job is forgotten."""
        events = self._record.streams.setdefault(job_id, [])
        over = False
        while not over:
            headers = {"Last-Event-ID": str(events[-1][0] if events else 0)}
            path = f"{self._address()}/train/{job_id}/events"
            try:
                async with self._http.stream("GET", path, headers=headers) as answer:
                    if answer.status_code == 404:
                        return
                    over = await self._read(answer, job_id, events)
            except httpx.TransportError:
                await self._pause(0.3)

    async def _read(self, answer: httpx.Response, job_id: str, events: list) -> bool:
        fields: dict[str, str] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.strip()
                continue
            if fields.get("event") == "end":
                if fields["data"] != "null":  # the job was forgotten before it ended
                    self._record.ended.add(job_id)
                return True
            if "id" in fields:
                events.append((int(fields["id"]), json.loads(fields["data"])))
            fields = {}
        return False

    async def look_at_everything(self) -> None:
        """The last word on every accepted job, and the networks of those that succeeded."""
        for job_id in self._record.job_ids():
            job = await self._until_finished(job_id)
            self._record.final[job_id] = job
            if job is not None and job["state"] == "succeeded":
                answer = await self._insist("GET", f"/train/{job_id}/network")
                self._record.networks[job_id] = answer.text

    async def _until_finished(self, job_id: str) -> Answer | None:
        while True:
            answer = await self._insist("GET", f"/train/{job_id}", headers={"Prefer": "wait=10"})
            if answer.status_code == 404:
                return None
            job: Answer = answer.json()
            if job["finished_at"] is not None:
                return job

    async def _request(
        self, kind: str, job_id: str, method: str, path: str, expected: set[int]
    ) -> None:
        sent = next(self._record.ticks)
        try:
            answer = await self._http.request(method, self._address() + path)
        except httpx.TransportError:
            return
        if answer.status_code in COME_BACK:
            return
        if answer.status_code not in expected:
            self._surprise(kind, answer)
        job = answer.json() if answer.status_code == 200 else None
        received = next(self._record.ticks)
        self._record.calls.append(Call(kind, job_id, answer.status_code, sent, received, job))

    async def _insist(
        self,
        method: str,
        path: str,
        body: Answer | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        while True:
            try:
                answer = await self._http.request(
                    method, self._address() + path, json=body, headers=headers
                )
                if answer.status_code not in COME_BACK:
                    return answer
            except httpx.TransportError:
                self._record.deeds["connection lost"] = (
                    self._record.deeds.get("connection lost", 0) + 1
                )
            await self._pause(0.4)

    def _surprise(self, kind: str, answer: httpx.Response) -> None:
        self._record.surprises.append(f"{kind} was answered {answer.status_code}: {answer.text}")

    def _some_job(self) -> str | None:
        known = self._record.job_ids()[-12:]
        return self._chance.choice(known) if known else None

    def _address(self) -> str:
        return self._chance.choice(self._addresses)

    async def _pause(self, mean: float) -> None:
        await asyncio.sleep(self._chance.uniform(0.0, 2.0 * mean))
