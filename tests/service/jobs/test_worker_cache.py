"""What a worker keeps between two calls: under its exact key and data, few, once."""

from pathlib import Path

import numpy as np

from service.jobs.training.worker_cache import WorkerCache

DATA = Path("data.npy")


def test_an_object_is_found_once_under_its_key_and_data_alone():
    cache = WorkerCache(2)
    cache.put(("specification", b"checkpoint"), DATA, "trainer")
    assert cache.pop(("specification", b"a later checkpoint"), DATA) is None
    assert cache.pop(("specification", b"checkpoint"), Path("other.npy")) is None
    assert cache.pop(("specification", b"checkpoint"), Path("data.npy")) == "trainer"
    assert cache.pop(("specification", b"checkpoint"), DATA) is None


def test_arrays_are_compared_by_identity():
    cache = WorkerCache(3)
    rows, equal = np.ones((2, 3)), np.ones((2, 3))
    cache.put("key", rows, "trainer")
    assert cache.pop("key", equal) is None
    assert cache.pop("key", rows) == "trainer"


def test_a_cache_keeps_no_more_than_its_capacity_and_drops_the_oldest():
    cache = WorkerCache(2)
    for key in "abc":
        cache.put(key, DATA, key.upper())
    assert [cache.pop(key, DATA) for key in "bca"] == ["B", "C", None]


def test_a_miss_makes_room_for_the_object_to_be_built():
    cache = WorkerCache(2)
    cache.put("a", DATA, "A")
    cache.put("b", DATA, "B")
    assert cache.pop("c", DATA) is None
    assert [cache.pop(key, DATA) for key in "ab"] == [None, "B"]
