"""Pictures of what the service has computed or trained; how they look is the core's business.

Matplotlib takes a second to import, so each function imports it when it is first called.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from core.approximation.convergence import Experiment
from core.errors import ShapeMismatch
from service.jobs.job import Job
from service.jobs.store import Store
from service.trained import trained_network
from service.wire.approximation import Approximation
from service.wire.history import history_of
from service.wire.place import at

MOST_INPUTS = 2
CURVE_POINTS = 2000
FUNCTION_POINTS = 2001


def training_picture(
    store: Store, job: Job, show: Literal["prediction", "loss"], picture_format: str
) -> bytes:
    """PNG or SVG; raises `JobNotFound`, and `ShapeMismatch` for more than two inputs."""
    from core import plots

    if show == "loss":
        history = history_of(store, job, CURVE_POINTS)
        figure = plots.loss_curve(history.iteration, history.loss, history.validation_loss)
        return plots.render(figure, picture_format)
    network = trained_network(store, job.id)
    rows = store.data(job.id)
    inputs = network.sizes[0]
    if inputs > MOST_INPUTS:
        raise ShapeMismatch(
            f"a network with {inputs} inputs has no picture of its prediction, only of its loss",
            ("query", "show"),
        )
    draw = plots.prediction if inputs == 1 else plots.decision_surface
    with at("query", "show"):
        return plots.render(draw(network, rows[:, :inputs], rows[:, inputs:]), picture_format)


def approximation_picture(result: Approximation, picture_format: str) -> bytes:
    """f, or the samples, against NN, with the knots, and the error below."""
    from core import plots

    network = result.network
    x = network.grid
    if result.function is not None:
        # The grid itself, and enough between for the error of every segment.
        x = np.union1d(x, np.linspace(x[0], x[-1], FUNCTION_POINTS))
        x = np.union1d(x, result.error.max_error_at)
    values = network.values if result.function is None else result.function(x)
    figure = plots.approximation(x, values, network(x), network.knots, _title(result))
    return plots.render(figure, picture_format)


def _title(result: Approximation) -> str:
    n = len(result.network.grid)
    if result.function is None:
        return f"{n} samples"
    return f"f(x) = {result.function.text} on {n} points"


def convergence_picture(experiments: Sequence[Experiment], picture_format: str) -> bytes:
    """The largest error by n for every grid, both axes logarithmic."""
    from core import plots

    return plots.render(plots.convergence(experiments), picture_format)
