"""Sizes checked against the operator's settings before work starts."""

from dataclasses import dataclass, replace

from core.approximation.budget import Budget
from core.errors import LimitExceeded, Place
from core.neural_network import NeuralNetwork
from core.nn.parameters import parameter_count
from service.auth.caller import ANONYMOUS_CALLER, Caller
from service.settings import Settings

OPERATIONS_PER_SECOND, IN_TIME_SHARE = 1e10, 0.5
"""What costs are stated for, and room for a machine that is busy or slower."""


@dataclass(frozen=True)
class Limits:
    """Every refusal is a `LimitExceeded` with what was asked, what is allowed and where."""

    settings: Settings
    caller: Caller = ANONYMOUS_CALLER

    def of(self, caller: Caller) -> "Limits":
        """The same, charging this caller for operations; that raises `RateLimited`."""
        return Limits(self.settings, caller)

    def network(self, network: NeuralNetwork) -> None:
        """Bound depth and width of a given network."""
        self.sizes(network.sizes, ("network", "layers"))

    def sizes(self, sizes: tuple[int, ...], place: Place) -> None:
        """Bound depth, width and the parameters that they make."""
        LimitExceeded.require(len(sizes) - 1, self.settings.max_layers, "layers", place)
        LimitExceeded.require(
            max(sizes), self.settings.max_width, "inputs or units in a layer", place
        )
        LimitExceeded.require(
            parameter_count(sizes), self.settings.max_array_elements, "parameters", place
        )

    def restarts(self, restarts: int, sizes: tuple[int, ...]) -> None:
        """Bound the parameters of all of them together: they make one checkpoint."""
        parameters = restarts * parameter_count(sizes)
        LimitExceeded.require(
            parameters,
            self.settings.max_array_elements,
            "parameters of all restarts",
            ("restarts",),
        )

    def samples(self, samples: int, place: Place) -> None:
        """Bound the rows of a data set."""
        LimitExceeded.require(samples, self.settings.max_samples, "samples", place)

    def table(self, rows: int, columns: int) -> None:
        """Bound a data set of a client."""
        LimitExceeded.require(rows, self.settings.max_samples, "rows", ())
        LimitExceeded.require(rows * columns, self.settings.max_array_elements, "values", ())

    def iterations(self, iterations: int) -> None:
        """Bound a training's length."""
        LimitExceeded.require(
            iterations, self.settings.max_iterations, "iterations", ("iterations",)
        )

    def estimate(self, operations: float, memory_bytes: int, seconds: float) -> None:
        """Bound what a training costs, and charge the caller for its operations."""
        settings = self.settings
        LimitExceeded.require(operations, settings.max_job_operations, "operations", ())
        LimitExceeded.require(memory_bytes, settings.max_job_bytes, "bytes of memory", ())
        LimitExceeded.require(seconds, settings.max_job_seconds, "seconds of training", ())
        self.caller.charge(operations)

    def numbers(self, numbers: int) -> None:
        """Bound what is kept in memory and answered."""
        LimitExceeded.require(numbers, self.settings.max_array_elements, "numbers in the answer")

    def operations(self, operations: float) -> None:
        """Bound the time of an answer, and charge the caller for it."""
        LimitExceeded.require(operations, self.settings.max_operations, "operations")
        self.caller.charge(operations)

    def budget(self) -> Budget:
        """The limits of an approximation that is answered at once, well within its time limit."""
        settings, allowed = self.settings, self.settings.max_job_operations
        in_time = IN_TIME_SHARE * settings.request_timeout_seconds * OPERATIONS_PER_SECOND
        advice = f"; with `Prefer: respond-async`, as a job, {allowed:,.0f} are"
        return replace(
            self._budget(min(settings.max_operations, in_time)),
            advice=advice,
            advice_limit=allowed,
        )

    def job_budget(self) -> Budget:
        """The limits of an approximation that becomes a job."""
        return self._budget(self.settings.max_job_operations)

    def _budget(self, operations: float) -> Budget:
        settings = self.settings
        return Budget(
            settings.max_points, settings.max_array_elements, operations, charge=self.caller.charge
        )
