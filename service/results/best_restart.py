"""The restarts of a job in the database, and the best of them."""

from dataclasses import dataclass

from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig
from service.jobs.job_spec import parse_job_spec
from service.jobs.restarts.plan import RestartPlan
from service.jobs.restarts.state import Restart, unpack
from service.jobs.storage.store import Store


def plan_of(store: Store, job_id: str) -> RestartPlan | None:
    """How the restarts are planned, None for a training without; raises `JobNotFound`."""
    plan = parse_job_spec(store.specification(job_id))
    return plan if isinstance(plan, RestartPlan) else None


def restarts_of(store: Store, job_id: str) -> tuple[list[Restart], int | None]:
    """All of them, and the place of that whose network is the job's; raises `JobNotFound`."""
    plan = plan_of(store, job_id)
    if plan is None:
        return [], None
    restarts = unpack(store.checkpoint(job_id))
    return restarts, plan.number_of_best(restarts)


@dataclass(frozen=True, eq=False)
class BestRestart:
    """The restart whose network the job hands out."""

    specification: TrainingConfig
    number: int
    """Its place among the restarts, from 0."""
    restart: Restart

    def before(self, store: Store, job_id: str, iteration: int) -> Checkpoint:
        """Its last state kept that is not after `iteration`; raises `JobNotFound`."""
        mean = iteration  # of all restarts: checkpoints are found by their mean iteration
        while (content := store.checkpoint_before(job_id, mean)) is not None:
            restarts = unpack(content)
            state = restarts[self.number].state(self.specification)
            if state.iteration <= iteration:
                return state
            mean = sum(one.iteration for one in restarts) // len(restarts) - 1
        return Restart(self.restart.seed).state(self.specification)


def members_of(store: Store, job_id: str) -> list[Checkpoint]:
    """The states of an ensemble's members that have not diverged; none for other jobs.

    Raises `JobNotFound`.
    """
    plan = plan_of(store, job_id)
    if plan is None or not plan.is_ensemble:
        return []
    restarts = unpack(store.checkpoint(job_id))
    return [one.state(plan.specification) for one in restarts if one.failure is None]


def best_of(store: Store, job_id: str) -> BestRestart | None:
    """None for a training without restarts; raises `JobNotFound`."""
    plan = plan_of(store, job_id)
    if plan is None:
        return None
    restarts = unpack(store.checkpoint(job_id))
    number = plan.number_of_best(restarts)
    return BestRestart(plan.specification, number, restarts[number])
