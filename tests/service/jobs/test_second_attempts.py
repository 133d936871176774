"""What was kept in memory, and what is known before anything was done."""

import asyncio

import numpy as np
import pytest

from core.training.config import TrainingConfig
from service.jobs.data_parallel import coordinator
from service.jobs.restarts.plan import RestartPlan
from service.jobs.restarts.round import advance_round
from service.jobs.restarts.state import pack, unpack
from service.jobs.work_slice import WorkSlice

XOR = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]], np.float64)
CONFIG = TrainingConfig((2, 3, 1), ("tanh", "sigmoid"), iterations=20)


class WithoutWorkers:
    """An executor between two workers: it has no slot, and performs a call once it has one."""

    slots = 0

    async def call(self, function, *arguments, timeout):
        return function(*arguments)


def slice_of(plan, folder):
    path = folder / "xor.npy"
    np.save(path, XOR)
    return WorkSlice(plan.to_text(), path, pack(plan.beginning(0.25)), 0.1, 10.0)


def test_only_the_first_restart_has_a_loss_before_anything_was_done():
    restarts = RestartPlan.of(CONFIG, 4, 7, 3).beginning(0.25)
    assert [(one.seed, one.loss) for one in restarts] == [(7, 0.25), (8, None), (9, None)]


def test_a_round_while_no_worker_is_up_makes_a_call_all_the_same(tmp_path):
    plan = RestartPlan.of(CONFIG, 4, 0, 3)
    step = asyncio.run(advance_round(WithoutWorkers(), slice_of(plan, tmp_path)))
    assert max(one.iteration for one in unpack(step.checkpoint)) > 0


@pytest.mark.parametrize("unchanged", [True, False])
def test_a_training_driven_elsewhere_meanwhile_goes_on_from_the_database(tmp_path, unchanged):
    leg = WorkSlice("specification", tmp_path / "data.npy", b"in the database", 0.1, 1.0)
    kept = object()
    coordinator._keep(leg, b"in the database" if unchanged else b"in memory", kept)
    assert coordinator._take(leg) is (kept if unchanged else None)
    assert coordinator._take(leg) is None
