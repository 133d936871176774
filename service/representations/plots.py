"""Pictures of results, drawn by `core.plots`.

Matplotlib takes a while to import, so each function imports it when it is first called, unless
`service/warm_up.py` has done so.
"""

from typing import Literal

import numpy as np

from core.approximation.convergence import Comparison
from core.approximation.result import Approximation
from core.errors import ShapeMismatch, counted
from core.neural_network import NeuralNetwork
from service.jobs.job import Job
from service.jobs.storage.store import Store
from service.results.history import history_of
from service.results.training import trained_network
from service.schemas.error_location import set_location

MAX_INPUTS = 2
CURVE_POINTS = 2000
FUNCTION_POINTS = 2001


def training_picture(
    store: Store, job: Job, show: Literal["prediction", "loss"], picture_format: str
) -> bytes:
    """PNG or SVG; raises `JobNotFound`, and `ShapeMismatch` for more than two inputs."""
    from core import plots

    network = trained_network(store, job.id)
    if show == "loss":
        history = history_of(store, job, CURVE_POINTS)
        title = f"Loss of {_described(network, job)}"
        figure = plots.loss_curve(history.iteration, history.loss, history.validation_loss, title)
        return plots.render(figure, picture_format)
    rows = store.data(job.id)
    inputs = network.sizes[0]
    if inputs > MAX_INPUTS:
        raise ShapeMismatch(
            f"a network with {inputs} inputs has no picture of its prediction, only of its loss",
            ("query", "show"),
        )
    draw = plots.prediction if inputs == 1 else plots.decision_surface
    decides = inputs == 2 and network.layers[-1].activation.name in ("sigmoid", "softmax")
    subject = "Decision surface" if decides else "Prediction"
    title = f"{subject} of {_described(network, job)}"
    with set_location("query", "show"):
        figure = draw(
            network, rows[:, :inputs], rows[:, inputs : inputs + network.sizes[-1]], title
        )
        return plots.render(figure, picture_format)


def _described(network: NeuralNetwork, job: Job) -> str:
    """The network of the job in a few words, with its loss and accuracy."""
    sizes = "-".join(map(str, network.sizes))
    names = [layer.activation.name for layer in network.layers]
    activations = names[0] if len(set(names)) == 1 else ", ".join(names)
    parts = [f"a {sizes} network ({activations})"]
    if job.loss is not None:
        parts.append(f"loss {job.loss:.4g}")
    if job.metrics.get("accuracy") is not None:
        parts.append(f"accuracy {job.metrics['accuracy']:.4g}")
    return ", ".join(parts)


def approximation_picture(result: Approximation, picture_format: str) -> bytes:
    """f, or the samples, against NN, with the knots, and the error below."""
    from core import plots

    x, values = _wanted(result)
    knots = result.embedding.network.knots if result.embedding else result.network.knots
    figure = plots.approximation(
        x,
        values,
        result.segments(x),
        knots,
        _title(result),
        grid=result.network.grid,
        grid_values=result.segments(result.network.grid),
        samples=result.table is not None,
    )
    return plots.render(figure, picture_format)


def _wanted(result: Approximation) -> tuple[np.ndarray, np.ndarray]:
    """f, or the samples; of intervals the middles."""
    if result.table is not None:
        return result.table.x, 0.5 * result.table.low + 0.5 * result.table.high
    if result.function is None:
        raise TypeError("an approximation is of a function or of a table")
    a, b = result.interval
    # Every bend, and enough between for the error of every segment.
    x = np.union1d(result.network.grid, np.linspace(a, b, FUNCTION_POINTS))
    x = np.union1d(x, np.append(np.clip(result.grid, a, b), result.error.max_error_at))
    return x, result.function(x)


def _title(result: Approximation) -> str:
    n, error = len(result.grid), f"largest error {result.error.max_error:.3g}"
    if result.table is not None:
        samples = len(result.table.x)
        points = "" if n == samples else f" on {counted(n, 'point')}"
        return f"{counted(samples, 'sample')} by ReLUs{points}, {error}"
    name = result.function.text if result.function else "f"
    return f"f(x) = {name} by ReLUs on {counted(n, 'point')}, {error}"


def convergence_picture(comparison: Comparison, picture_format: str) -> bytes:
    """The largest error by n for every grid beside the lines of theory, both axes logarithmic."""
    from core import plots

    figure = plots.convergence(
        comparison.experiments,
        f"Largest error of ReLU networks for f(x) = {comparison.function}",
        comparison.theory,
    )
    return plots.render(figure, picture_format)
