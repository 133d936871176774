"""Sizes checked against the operator's settings before work starts."""

from dataclasses import dataclass, replace

from core.errors import Place
from core.neural_network import NeuralNetwork
from core.nn.parameters import parameter_count
from service.auth.caller import ANONYMOUS_CALLER, Caller
from service.errors import LimitExceeded
from service.settings import Settings

BEYOND_WORDS = 10**18
"""An integer of JSON may have thousands of digits, more than a float or a sentence holds."""


@dataclass(frozen=True)
class Limits:
    """Every refusal is a `LimitExceeded` with what was asked, what is allowed and where."""

    settings: Settings
    caller: Caller = ANONYMOUS_CALLER
    advice: str = ""
    """What to do about too many operations, where something can be done."""

    def of(self, caller: Caller) -> "Limits":
        """The same, charging this caller for operations; that raises `RateLimited`."""
        return Limits(self.settings, caller)

    def or_job(self) -> "Limits":
        """The same for an answer that may be had as a job instead."""
        allowed = self.settings.max_job_operations
        advice = f"; with `Prefer: respond-async`, as a job, {allowed:,.0f} are"
        return replace(self, advice=advice)

    def of_job(self) -> "Limits":
        """The same for a job: it may take the operations that a training may."""
        allowed = {"max_operations": self.settings.max_job_operations}
        return Limits(self.settings.model_copy(update=allowed), self.caller)

    def network(self, network: NeuralNetwork) -> None:
        """Bound depth and width of a given network."""
        self.sizes(network.sizes, ("network", "layers"))

    def sizes(self, sizes: tuple[int, ...], place: Place) -> None:
        """Bound depth, width and the parameters that they make."""
        self._require(len(sizes) - 1, self.settings.max_layers, "layers", place)
        self._require(max(sizes), self.settings.max_width, "inputs or units in a layer", place)
        self._require(parameter_count(sizes), self.settings.max_array_elements, "parameters", place)

    def restarts(self, restarts: int, sizes: tuple[int, ...]) -> None:
        """Bound the parameters of all of them together: they make one checkpoint."""
        parameters = restarts * parameter_count(sizes)
        self._require(
            parameters,
            self.settings.max_array_elements,
            "parameters of all restarts",
            ("restarts",),
        )

    def samples(self, samples: int, place: Place) -> None:
        """Bound the rows of a data set."""
        self._require(samples, self.settings.max_samples, "samples", place)

    def iterations(self, iterations: int) -> None:
        """Bound a training's length."""
        self._require(iterations, self.settings.max_iterations, "iterations", ("iterations",))

    def estimate(self, operations: float, memory_bytes: int, seconds: float) -> None:
        """Bound what a training costs, and charge the caller for its operations."""
        settings = self.settings
        self._require(operations, settings.max_job_operations, "operations", ())
        self._require(memory_bytes, settings.max_job_bytes, "bytes of memory", ())
        self._require(seconds, settings.max_job_seconds, "seconds of training", ())
        self.caller.charge(operations)

    def points(self, points: int, place: Place) -> None:
        """Bound a grid."""
        self._require(points, self.settings.max_points, "points", place)

    def numbers(self, numbers: int) -> None:
        """Bound what is kept in memory and answered."""
        self._require(numbers, self.settings.max_array_elements, "numbers in the answer", ())

    def operations(self, operations: float) -> None:
        """Bound the time of an answer."""
        advice = self.advice if operations <= self.settings.max_job_operations else ""
        self._require(operations, self.settings.max_operations, "operations", (), advice)
        self.caller.charge(operations)

    def _require(
        self, asked: float, allowed: float, what: str, place: Place, advice: str = ""
    ) -> None:
        if asked > allowed:
            given = f"{asked:,.0f}" if asked < BEYOND_WORDS else "more than 10^18"
            raise LimitExceeded(
                f"{given} {what}; at most {allowed:,.0f} are allowed{advice}", place
            )
