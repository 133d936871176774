"""Intervals and limits of running jobs, in seconds unless they are shares."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StepTiming:
    """Lengths of steps and of their writes.

    At most `write_share` of the time is spent on writing. A step may run for `cancel_grace` after a
    cancellation and for `limit_grace` after the time limit; a step of more than `step_limit` hangs.
    """

    step: float = 0.5
    write_every: float = 1.0
    write_share: float = 0.05
    cancel_grace: float = 0.4
    limit_grace: float = 1.0
    step_limit: float = 600.0


@dataclass(frozen=True)
class DispatcherTiming:
    """Intervals of a dispatcher.

    It polls for jobs of other processes every `poll`, for their cancellations every `lease_check`,
    and for jobs beyond retention every `expiry`. A `lease` that is not renewed for this long
    expires. At a stop, steps may run for `stop_grace`.
    """

    poll: float = 1.0
    lease_check: float = 0.4
    expiry: float = 60.0
    lease: float = 5.0
    stop_grace: float = 2.0
