"""POST /check: a computation, and the numbers that a student computed by hand."""

from typing import cast

from pydantic import Field

from core.nn.backprop import backprop
from core.nn.forward import forward
from core.solutions.calculation.quantity import Calculation
from core.solutions.checking.check import Report, check
from core.solutions.checking.convention_search import HandProblem
from core.solutions.document import Document
from core.solutions.length_limits import require_page_length
from core.solutions.relu_solution import relu_calculation, require_few_points
from core.solutions.report_document import report_document
from service.schemas.error_location import prefix_location
from service.schemas.exercises.computation import ComputationSchema, ReluSystemSchema
from service.schemas.exercises.student_answers import SubmittedAnswersSchema


class CheckRequest(ComputationSchema):
    """A computation, the student's numbers for it, and how they were rounded."""

    answers: SubmittedAnswersSchema
    hints: int = Field(
        2, ge=0, le=2, description="0: only where; 1: where and what kind; 2: everything"
    )

    @property
    def is_single(self) -> bool:
        """Whether the numbers have no axis for samples."""
        return self.x is None or self.x.ndim == 1

    @property
    def samples(self) -> int:
        """How many samples the network is given."""
        return 1 if self.x is None or self.is_single else len(self.x)

    def document(self) -> Document:
        """The report as a page to hand back; raises what the core refuses."""
        problem = self._problem()
        calculation = problem.calculation() if problem else self._system()
        layers = problem.layers if problem else ()
        steps = tuple(self.solution().steps)
        return report_document(
            self.report(), calculation, layers, steps, self.rule, self.hints, self.form
        )

    def report(self) -> Report:
        """Judge; raises what the core refuses."""
        problem = self._problem()
        calculation = problem.calculation() if problem else self._system()
        sizes = [] if problem is None else [layer.d_in for layer in problem.layers]
        answers = dict(self.answers.by_place(self.is_single, self.form, sizes))
        with prefix_location("answers"):
            rounding = self.rule if self.declares_digits else None
            return check(calculation, answers, rounding, problem)

    def _system(self) -> Calculation:
        """The calculation of a ReLU system."""
        system = cast(ReluSystemSchema, self.relu_system)
        grid, values = system.points()
        with prefix_location("relu_system"):
            require_few_points(len(grid))
            return relu_calculation(grid, values, system.ends)

    def _problem(self) -> HandProblem | None:
        """The network with what is asked for; None for a ReLU system."""
        if self.relu_system is not None:
            return None
        network, x, y = self.to_core()
        layers = self.by_convention(network)
        require_page_length(network.sizes, len(x), y is not None, self.eta is not None)
        loss = self.loss_function
        if y is None:
            forward(layers, x)
        else:
            backprop(layers, x, y, loss, self.reduction)
        return HandProblem(
            layers, x, y, loss, self.reduction, self.eta, self.book, self.form.layout
        )
