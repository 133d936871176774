"""How often things happen in the life of a job; in seconds, but for shares."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StepTiming:
    """How a training is cut into steps, and how often they are written.

    At most `write_share` of the time goes into writing. A step goes on for `cancel_grace` after the
    job was asked to stop, and for `limit_grace` after its time limit; one of `step_limit` hangs.
    """

    step: float = 0.5
    write_every: float = 1.0
    write_share: float = 0.05
    cancel_grace: float = 0.4
    limit_grace: float = 1.0
    step_limit: float = 600.0


@dataclass(frozen=True)
class DispatcherTiming:
    """How often a driver looks around.

    For jobs of other processes every `poll`, for cancels by them every `lease_check`, for jobs
    beyond retention every `expiry`. A `lease` that is not renewed for so long is anybody's. At a
    stop, steps may go on for `stop_grace`.
    """

    poll: float = 1.0
    lease_check: float = 0.4
    expiry: float = 60.0
    lease: float = 5.0
    stop_grace: float = 2.0
