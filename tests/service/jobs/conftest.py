"""Engines for the contract tests, each on its own."""

import asyncio

import pytest

from service.jobs.process_engine import ProcessEngine


@pytest.fixture
def runner():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def process_engine(runner):
    engine = ProcessEngine(slots=2)
    yield engine
    runner.run(engine.close())
