"""The budget of a caller is bounded, refills steadily, and is shown in the headers."""

import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.auth.key_file import KeyFile
from service.auth.rate_limit import MAX_CALLERS, Policy, RateLimited, TokenBucket, TokenBuckets
from tests.service.conversation import conversation

TEN_A_MINUTE = Policy("requests", 10, 60)


class Clock:
    """Seconds that pass when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def refusal_of(bucket, amount):
    with pytest.raises(RateLimited) as caught:
        bucket.take(amount)
    return caught.value


def test_a_full_bucket_gives_its_quota_and_not_one_more():
    bucket = TokenBucket(TEN_A_MINUTE, Clock())
    for _ in range(10):
        bucket.take(1)
    # One of ten in sixty seconds comes back after six.
    assert refusal_of(bucket, 1).retry_after_seconds == 6


def test_who_comes_back_when_told_is_served():
    clock = Clock()
    bucket = TokenBucket(TEN_A_MINUTE, clock)
    bucket.take(10)
    clock.now += refusal_of(bucket, 3).retry_after_seconds
    bucket.take(3)


@given(amount=st.floats(0, 100), pause=st.floats(0, 100))
def test_what_is_put_back_was_never_taken(amount, pause):
    clock = Clock()
    bucket, untouched = TokenBucket(TEN_A_MINUTE, clock), TokenBucket(TEN_A_MINUTE, clock)
    bucket.take(amount)
    clock.now += pause
    bucket.refund(amount)
    assert bucket.field == untouched.field


def test_what_is_more_than_all_is_given_once_and_paid_back():
    clock = Clock()
    bucket = TokenBucket(TEN_A_MINUTE, clock)
    bucket.take(25)
    # 15 below zero: 16 have to come before there is one, and ten take a minute.
    assert refusal_of(bucket, 1).retry_after_seconds == 96
    clock.now += 96
    bucket.take(1)


@given(
    steps=st.lists(st.tuples(st.floats(0, 100), st.integers(1, 12)), max_size=60),
    quota=st.integers(1, 50),
)
def test_in_any_time_no_more_is_given_than_the_quota_and_what_came_back(steps, quota):
    clock = Clock()
    policy = Policy("requests", quota, 60)
    bucket = TokenBucket(policy, clock)
    begin, given_so_far = clock.now, 0
    for pause, amount in steps:
        clock.now += pause
        try:
            bucket.take(min(amount, quota))
        except RateLimited:
            continue
        given_so_far += min(amount, quota)
        came_back = (clock.now - begin) * quota / 60
        assert given_so_far <= quota + came_back + 1e-6


def test_a_caller_who_makes_room_for_another_starts_anew_and_the_last_ones_stay():
    buckets = TokenBuckets(TEN_A_MINUTE, Clock())
    first = buckets.of("first")
    for number in range(MAX_CALLERS - 1):
        buckets.of(str(number))
    assert buckets.of("first") is first
    buckets.of("one more")
    assert buckets.of("first") is first
    assert buckets.of("0") is not None


def fields(value):
    """The items of a structured list (RFC 9651), as far as these two headers use it."""
    items = (item.split(";") for item in value.split(", "))
    return {
        name.strip('"'): {key: int(number) for key, number in (p.split("=") for p in parameters)}
        for name, *parameters in items
    }


@pytest.fixture
def guarded(tmp_path, monkeypatch):
    """A service whose token buckets do not refill: their clock stands still."""
    monkeypatch.setattr("service.auth.middleware.time", SimpleNamespace(monotonic=Clock()))
    file = KeyFile(tmp_path / "keys")
    keys = [{"Authorization": f"Bearer {file.add(name)}"} for name in ("Alice", "Bob")]
    settings = {"requests_per_minute": 5, "operations_per_hour": 1e6}
    path = str(tmp_path / "keys")
    with conversation(tmp_path, api_keys_file=path, **settings) as client:
        yield client, *keys


def test_the_headers_say_what_is_left_and_then_429_when_to_come_back(guarded):
    client, alice, bob = guarded
    for left in (4, 3, 2, 1, 0):
        answer = client.get("/datasets", headers=alice)
        assert answer.status_code == 200
        assert fields(answer.headers["ratelimit-policy"]) == {
            "requests": {"q": 5, "w": 60},
            "operations": {"q": 10**6, "w": 3600},
        }
        assert fields(answer.headers["ratelimit"])["requests"]["r"] == left
    answer = client.get("/datasets", headers=alice)
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) == 12  # a fifth of a minute
    assert fields(answer.headers["ratelimit"])["requests"]["r"] == 0
    assert "5 requests in 60 s" in answer.json()["detail"]
    assert client.get("/datasets", headers=bob).status_code == 200
    assert client.get("/health/live").status_code == 200


@pytest.mark.parametrize("quota", [1e15 - 1, 1e15, 2.0**62, 1e300])
def test_a_field_has_integers_that_a_structured_field_may_have(quota):
    policy = Policy("operations", quota, 3600)
    for field in (policy.field, TokenBucket(policy, Clock()).field):
        (numbers,) = fields(field).values()
        assert all(len(str(number)) <= 15 for number in numbers.values())


def question(samples):
    network = {"layers": [{"weights": [[1.0] * 100], "biases": [0.0], "activation": "identity"}]}
    return {"network": network, "x": [[1.0] * 100] * samples}


def test_operations_are_a_budget_of_their_own(guarded):
    client, alice, bob = guarded
    before = client.post("/forward", json=question(1), headers=alice)
    left = fields(before.headers["ratelimit"])["operations"]["r"]
    # 2 · 101 operations for the unit, 20 for its activation.
    assert left == 10**6 - 222
    assert client.post("/forward", json=question(3000), headers=alice).status_code == 200
    answer = client.post("/forward", json=question(3000), headers=alice)
    assert answer.status_code == 429
    assert "operations in 3,600 s" in answer.json()["detail"]
    needed = 2 * 3000 * 222 + 222 - 10**6
    assert int(answer.headers["retry-after"]) == math.ceil(needed * 3600 / 1e6)
    assert client.post("/forward", json=question(3000), headers=bob).status_code == 200


def test_a_training_is_paid_for_when_it_is_accepted_and_an_estimate_is_free(guarded):
    client, alice, _ = guarded
    training = {
        "architecture": {"sizes": [2, 30, 1], "activations": "tanh"},
        "data": {"dataset": "xor", "samples": 100},
        "iterations": 200,
    }
    estimate = client.post("/train/estimate", json=training, headers=alice)
    assert estimate.json()["operations"] > 1e6
    assert client.post("/train", json=training, headers=alice).status_code == 202
    answer = client.post("/train", json=training, headers=alice)
    assert answer.status_code == 429
    assert "operations" in answer.json()["detail"]


def operations_left(answer):
    return fields(answer.headers["ratelimit"])["operations"]["r"]


def test_a_job_is_paid_for_once_by_its_key_and_not_at_all_where_there_is_no_room(tmp_path):
    training = {
        "architecture": {"sizes": [2, 3, 1]},
        "data": {"dataset": "xor"},
        "iterations": 10**6,
    }
    approximation = {"function": "exp(x)", "interval": [0, 3], "tolerance": 1e-9}
    settings = {"allow_anonymous": True, "operations_per_hour": 1e13, "max_queued_jobs": 1}
    with conversation(tmp_path, **settings) as client:
        cost = client.post("/train/estimate", json=training).json()["operations"]
        running = client.post("/train", json=training).headers["location"]
        client.until(running, lambda job: job["state"] == "running")
        key = {"Idempotency-Key": "one"}
        first = client.post("/train", json=training, headers=key)
        again = client.post("/train", json=training, headers=key)
        assert first.status_code == again.status_code == 202
        assert again.headers["location"] == first.headers["location"]
        left = operations_left(first)
        assert left == pytest.approx(1e13 - 2 * cost, abs=cost / 2)
        assert operations_left(again) == pytest.approx(left, abs=cost / 2)
        asking = {"Prefer": "respond-async"}
        for refused in (
            client.post("/train", json=training),
            client.post("/approximate", json=approximation, headers=asking),
        ):
            assert refused.status_code == 503
            assert operations_left(refused) == pytest.approx(left, abs=cost / 2)
        client.post(f"{running}/cancel")


def test_without_keys_and_open_to_the_world_addresses_are_counted(tmp_path):
    with conversation(tmp_path, allow_anonymous=True, requests_per_minute=2) as client:
        codes = [client.get("/datasets").status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_on_this_machine_alone_nobody_counts(tmp_path):
    with conversation(tmp_path, requests_per_minute=1) as client:
        answers = [client.get("/datasets") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("ratelimit" in answer.headers for answer in answers)
