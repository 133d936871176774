"""Nothing of the service grows under load; a leak of any size would be seen."""

import os

import pytest

from tests.acceptance.server import started
from tests.acceptance.soak import MAY_GROW, MEASUREMENTS, SETTINGS, Course, soak

SECONDS = float(os.environ.get("SOAK_SECONDS", "10"))
"""`make soak` takes longer."""


def test_a_service_under_mixed_load_does_not_grow(tmp_path):
    with started(tmp_path, **SETTINGS) as server:
        server.wait_until_ready()
        course = soak(server, tmp_path, SECONDS)
    assert course.unanswered == {}
    assert course.grown() == {}
    assert set(course.statuses) <= {200, 202, 204, 404, 422, 503}
    assert course.statuses[200] > 100


@pytest.mark.parametrize("name", MAY_GROW)
def test_a_leak_is_seen_through_peaks_and_breathing(name):
    course = Course()
    leak = 4 * MAY_GROW[name] / MEASUREMENTS
    for look in range(MEASUREMENTS):
        peak = 100 * MAY_GROW[name] if look % 9 == 0 else 0
        course.values[name].append(leak * look + peak + (look % 2) * MAY_GROW[name] / 4)
    for other in course.values.keys() - {name}:
        course.values[other] = [1000.0] * MEASUREMENTS
    assert course.grown().keys() == {name}
