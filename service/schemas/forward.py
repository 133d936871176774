"""POST /forward: network + x → output and every layer's s and x."""

from dataclasses import dataclass

from pydantic import Field

from core.neural_network import NeuralNetwork
from core.nn.forward import Trace
from core.solutions.document import Document
from core.solutions.drawing.diagram import Figure
from core.solutions.network_diagram import forward_figure
from core.solutions.network_solution import forward_solution
from core.solutions.rounding import Rounding
from service.schemas.arrays import Samples, match_rank
from service.schemas.exercises.conventions import ConventionsSchema
from service.schemas.network import NetworkSchema
from service.schemas.request_model import Precision, RequestModel


class ForwardRequest(RequestModel):
    """A network and what to feed it."""

    network: NetworkSchema
    x: Samples = Field(description="x⁽⁰⁾: one sample (d,) or many (samples, d)")
    intermediates: bool = Field(True, description="whether to answer every layer's s and x")
    precision: Precision = "float64"
    conventions: ConventionsSchema = Field(
        default_factory=ConventionsSchema, description="of these only `leak` changes a number"
    )

    def by_convention(self) -> NeuralNetwork:
        """The network by the conventions; raises what the core refuses."""
        network = self.network.to_core(self.precision, steps=True)
        return NeuralNetwork(self.conventions.to_core().layers(network.layers))

    def document(self, network: NeuralNetwork, rounding: Rounding) -> Document:
        """The computation worked out; raises what the core refuses."""
        book = self.conventions.to_core()
        x, by_rows = network.samples(self.x, "x"), self.network.form.layout == "rows"
        return forward_solution(network.layers, x, rounding, book, by_rows)

    def figure(self, network: NeuralNetwork, rounding: Rounding) -> Figure:
        """The network drawn; raises what the core refuses."""
        book = self.conventions.to_core()
        return forward_figure(network.layers, network.samples(self.x, "x"), rounding, book)


@dataclass(frozen=True)
class ForwardLayer:
    """s⁽ˡ⁾ and x⁽ˡ⁾ = σ(s⁽ˡ⁾) of one layer."""

    s: Samples
    x: Samples


@dataclass(frozen=True)
class ForwardResponse:
    """The output has the rank of the question's x; `layers` is null without intermediates."""

    output: Samples
    layers: list[ForwardLayer] | None

    @staticmethod
    def of(trace: Trace, question: ForwardRequest) -> "ForwardResponse":
        """Pack a trace in the rank of the question."""
        output = match_rank(trace.output, question.x)
        if not question.intermediates:
            return ForwardResponse(output, None)
        layers = [
            ForwardLayer(match_rank(s, question.x), match_rank(x, question.x))
            for s, x in zip(trace.s, trace.x[1:], strict=True)
        ]
        return ForwardResponse(output, layers)
