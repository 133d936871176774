"""File descriptors run short: some are kept for us, and without any we go on when there are."""

import resource
import socket
from contextlib import contextmanager

import psutil

from service.server.file_descriptors import RESERVED, connections_possible

LONG = 100_000


@contextmanager
def limit_of_descriptors(limit):
    """For this process and those that it starts."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextmanager
def crowd(service, connections):
    """Open this many idle connections."""
    host, _, port = service.server.address.removeprefix("http://").partition(":")
    opened = [socket.create_connection((host, int(port))) for _ in range(connections)]
    try:
        yield
    finally:
        for connection in opened:
            connection.close()


def test_more_descriptors_are_asked_for_as_far_as_that_goes():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with limit_of_descriptors(200):
        assert connections_possible(100) == 100
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 200
        assert connections_possible(150) == 150
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 250
        assert connections_possible(hard) == hard - RESERVED


def test_connections_leave_descriptors_for_everything_else(launch):
    service = launch(CHAINRULE_MAX_CONNECTIONS="20", CHAINRULE_HEADER_TIMEOUT_SECONDS="60")
    service.server.wait_until_ready()
    process = psutil.Process(service.server.process.pid)
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (20 + RESERVED, 20 + RESERVED))
    service.assert_calm()  # and stays connected
    with crowd(service, 20 + RESERVED):
        service.assert_calm()
        for job in [service.accepted() for _ in range(5)]:
            service.wait_for_success(job)
        assert service.is_ready()


def test_without_any_descriptor_we_go_on_when_there_are_some(launch):
    service = launch(CHAINRULE_MAX_CONNECTIONS="1000", CHAINRULE_HEADER_TIMEOUT_SECONDS="60")
    service.server.wait_until_ready()
    process = psutil.Process(service.server.process.pid)
    running = service.accepted(LONG)
    service.assert_calm()
    taken = process.num_fds() + 20
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (taken, taken))
    with crowd(service, 2 * taken):
        service.wait_until(lambda: process.num_fds() >= taken - 1)
        service.assert_calm()
        answer = service.submit()
        assert answer.status_code in (202, 503), answer.text
    service.wait_until(lambda: process.num_fds() < taken - 10)
    service.wait_until(service.is_ready)
    accepted = [answer.json()["id"]] if answer.status_code == 202 else []
    for job in (running, service.accepted(), *accepted):
        service.wait_for_success(job)
