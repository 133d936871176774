"""A small disk, and services in trouble."""

import os
import subprocess
from contextlib import ExitStack, contextmanager

import pytest

from tests.acceptance.server import started
from tests.faults.watching import Watched


@pytest.fixture
def launch(tmp_path):
    """A function that starts a service, whose log is not on the disk in trouble."""
    with ExitStack() as services:

        def start(**settings):
            one_worker = {"CHAINRULE_WORKERS": "1"}
            server = services.enter_context(started(tmp_path, **one_worker | settings))
            return services.enter_context(Watched(server))

        yield start


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own of 24 megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a disk to fill")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def _remounted(folder, how, back):
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", f"remount,{back}", str(folder)], check=True)


@pytest.fixture
def read_only():
    """A function for `with`: the disk cannot be written while the block lasts."""
    return lambda folder: _remounted(folder, "ro", "rw")
