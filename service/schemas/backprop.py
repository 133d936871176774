"""POST /backprop: network + x + y → loss, s, x, delta and every gradient."""

from dataclasses import dataclass

import numpy as np
from pydantic import Field

from core.conventions import Conventions, WeightsForm
from core.errors import OutOfDomain
from core.gradient_check.check import GradientCheck
from core.neural_network import NeuralNetwork
from core.nn.backprop import Backpropagation, LayerGradient, Reduction
from core.nn.losses import Loss, get_loss
from core.nn.path_products import PathSum
from service.schemas.arrays import Numbers, Samples, match_rank
from service.schemas.exercises.conventions import ConventionsSchema
from service.schemas.exercises.target import target
from service.schemas.network import NetworkSchema
from service.schemas.path_trace import TraceRequest, TraceResponse
from service.schemas.request_model import OutputLossName, Precision, RequestModel


class BackpropRequest(RequestModel):
    """A network, what to feed it and what should come out."""

    network: NetworkSchema
    x: Samples = Field(description="x⁽⁰⁾: one sample (d,) or many (samples, d)")
    y: Samples | None = Field(
        None, description="the target, one row per sample of x, as many axes as x"
    )
    loss: OutputLossName = Field(
        "squared", description="none: no loss and no y, E is the only output itself"
    )
    reduction: Reduction = Field(
        "mean", description="what the loss and its gradients do over the samples; none: one each"
    )
    gradient_check: bool = Field(
        False, description="whether to compare every gradient with a numerical derivative"
    )
    precision: Precision = "float64"
    conventions: ConventionsSchema = Field(
        default_factory=ConventionsSchema, description="how a book writes it, where it differs"
    )
    trace: TraceRequest | None = Field(
        None, description="a parameter whose gradient is factored along every path, for one sample"
    )

    @property
    def loss_function(self) -> Loss:
        """The entry of the core's table."""
        return get_loss(self.loss)

    def targets(self, network: NeuralNetwork) -> np.ndarray:
        """y, with zeros where there is no loss; raises what `target` does."""
        return target(self.y, self.loss, self.conventions, network, self.x)

    @property
    def book(self) -> Conventions:
        """The conventions declared."""
        return self.conventions.to_core()

    def by_convention(self) -> NeuralNetwork:
        """The network by the conventions; raises what the core refuses.

        Raises `OutOfDomain` for a penalty beside what is of E without it.
        """
        if self.book.l2 and (self.gradient_check or self.trace):
            raise OutOfDomain(
                "the gradient check and the paths are of E without its penalty; leave l2 out for "
                "them",
                ("conventions", "l2"),
            )
        network = self.network.to_core(self.precision)
        return NeuralNetwork(self.book.layers(network.layers))


@dataclass(frozen=True)
class BackpropLayer:
    """One layer: s and x on the way up, delta = ∂E/∂s and the gradients on the way down.

    `weights_gradient` has the form of the weights of the request.
    """

    s: Samples
    x: Samples
    delta: Samples
    weights_gradient: Numbers
    biases_gradient: Numbers


@dataclass(frozen=True)
class KinkResponse:
    """A unit whose s lies on the kink of its activation, where there is no derivative."""

    layer: int
    unit: int
    sample: int


@dataclass(frozen=True)
class GradientCheckResponse:
    """How far backpropagation is from a numerical derivative, and where it is farthest.

    `compared` counts the parameters; those are left out that every sample keeps at a kink.
    """

    method: str
    compared: int
    max_relative_error: float
    layer: int
    parameter: str
    index: list[int]
    kinks: list[KinkResponse]

    @staticmethod
    def of(check: GradientCheck, form: WeightsForm) -> "GradientCheckResponse":
        """Unpack the core's check; layers count from 0, as in JSON pointers."""
        return GradientCheckResponse(
            method=check.method,
            compared=check.compared,
            max_relative_error=check.max_relative_error,
            layer=check.layer,
            parameter=check.parameter,
            index=list(form.index(*check.index) if len(check.index) == 2 else check.index),
            kinks=[KinkResponse(kink.layer, kink.unit, kink.sample) for kink in check.kinks],
        )


@dataclass(frozen=True)
class BackpropResponse:
    """Everything backpropagation computes; the last two are null unless asked for."""

    loss: float | list[float]
    output: Samples
    layers: list[BackpropLayer]
    x_gradient: Samples
    gradient_check: GradientCheckResponse | None
    trace: TraceResponse | None

    @staticmethod
    def of(
        result: Backpropagation,
        check: GradientCheck | None,
        paths: PathSum | None,
        question: BackpropRequest,
    ) -> "BackpropResponse":
        """Pack in the rank of the question."""

        def ranked(values: np.ndarray) -> np.ndarray:
            return match_rank(values, question.x)

        per_sample = question.reduction == "none"
        passes, form = result.trace, question.network.form

        def gradient_form(gradient: LayerGradient) -> np.ndarray:
            matrix = form.written(gradient.weights, gradient.biases)
            return ranked(matrix) if per_sample else matrix

        layers = [
            BackpropLayer(
                s=ranked(s),
                x=ranked(x),
                delta=ranked(delta),
                weights_gradient=gradient_form(gradient),
                biases_gradient=ranked(gradient.biases) if per_sample else gradient.biases,
            )
            for s, x, delta, gradient in zip(
                passes.s, passes.x[1:], result.delta, result.gradients, strict=True
            )
        ]
        loss = ranked(result.loss) if per_sample else result.loss
        return BackpropResponse(
            loss=loss.tolist(),
            output=ranked(passes.output),
            layers=layers,
            x_gradient=ranked(result.x_gradient),
            gradient_check=GradientCheckResponse.of(check, form) if check else None,
            trace=(
                TraceResponse.of(paths, question.trace.at_most)
                if paths and question.trace
                else None
            ),
        )
