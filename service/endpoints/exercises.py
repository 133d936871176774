"""POST and GET /exercises."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from core.export.exercises import EXERCISE_FORMATS
from core.solutions.document import Document
from core.solutions.exercises.handout import Sheet, together
from service.dependencies import Accept, ComputationOf, LimitsOf
from service.errors import NotAcceptable
from service.http.json_route import StrictJsonRoute
from service.limits import Limits
from service.openapi.responses import error_responses, example_responses, examples
from service.representations.documents import with_paper
from service.representations.files import as_files, choose_form, with_files
from service.representations.represent import Representations, as_documents, as_json
from service.schemas.exercises.exercises import (
    ExercisesQuery,
    ExercisesRequest,
    ExercisesResponse,
)
from service.schemas.file_formats import ExerciseFormatQuery
from service.thread_pool import ComputePool

router = APIRouter(route_class=StrictJsonRoute, tags=["by hand"])

OPERATIONS = 1e9
"""Some thousand drafts may be drawn before one has only numbers that are easy by hand."""
RESPONSES = with_files(with_paper(example_responses("exercises")), EXERCISE_FORMATS)
RESPONSES = RESPONSES | error_responses(406, 413, 415, 422, 503)


@router.post("/exercises", response_model=ExercisesResponse, responses=RESPONSES)
async def post_exercises(
    question: Annotated[ExercisesRequest, Body(openapi_examples=examples("exercises"))],
    query: Annotated[ExerciseFormatQuery, Query()],
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """A fresh exercise sheet with its key and a marking scheme.

    Numbers are easy to compute by hand: weights in tenths, no saturated unit, no printed digit in
    doubt. The same seed gives the same sheet in every release. The answer is JSON, or by `Accept` a
    document: Markdown, LaTeX or HTML, without the key where `key` is false. Several `tasks` on one
    sheet come as a document or a file. By `format` or `Accept` it is a file: a ZIP of `count`
    sheets with their keys, or questions for a learning platform, which accept every number that is
    rounded as the sheet asks.
    """
    tasks = len(question.tasks or (question,))
    made = _representations(question.handouts, question.key, question.count, tasks)
    return await _respond(query.format, accept, made, limits, computation)


@router.get("/exercises", response_model=ExercisesResponse, responses=RESPONSES)
async def get_exercises(
    query: Annotated[ExercisesQuery, Query()],
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """The sheet of an address: its `code` as it is printed, or kind, seed and shape.

    `/exercises?kind=backprop&seed=7` is the sheet that POST makes of the same, in the same forms.
    Several codes, separated by commas, are the tasks of one sheet, a document or a file.
    The conventions of a book are parameters with the names that `conventions` has in POST.
    """
    tasks = (query.code or "").count(",") + 1
    made = _representations(query.handouts, query.key, query.count, tasks)
    return await _respond(query.format, accept, made, limits, computation)


async def _respond(
    format_name: str | None,
    accept: str | None,
    made: Representations,
    limits: Limits,
    computation: ComputePool,
) -> Response:
    form = choose_form(format_name, accept, made)
    if form not in made:
        raise NotAcceptable("JSON describes one task; several come as a document or a file")
    chosen = made[form]
    limits.operations(chosen.operations)
    return await computation.run(chosen.write, chosen.operations)


def _representations(
    sheets: Callable[[], list[Sheet]], with_key: bool, count: int, tasks: int = 1
) -> Representations:
    def written() -> Document:
        return together(sheets(), with_key)

    def answer() -> ExercisesResponse:
        return ExercisesResponse.of(sheets()[0].parts[0])

    operations = OPERATIONS * count * tasks
    # JSON describes one task: several are answered as a document or a file.
    return {
        **(as_json(answer, OPERATIONS) if tasks == 1 else {}),
        **as_documents(written, operations),
        **as_files(EXERCISE_FORMATS, sheets, "exercises", operations),
    }
