"""The file formats of exercise sheets; an entry of the table is a format."""

from collections.abc import Callable, Sequence

from core.export.file_format import FileFormat
from core.solutions.exercises.formats.documents import documents_zip
from core.solutions.exercises.formats.moodle import moodle_cloze, moodle_numerical
from core.solutions.exercises.formats.numbas.exam import numbas_exam
from core.solutions.exercises.formats.prairielearn import question_folders
from core.solutions.exercises.formats.qti import qti_package
from core.solutions.exercises.handout import Handout, Sheet

Sheets = Sequence[Sheet]


def _tasks(write: Callable[[Sequence[Handout]], str | bytes]) -> Callable[[Sheets], bytes]:
    """A writer of questions, one for each task of each sheet."""

    def written(sheets: Sheets) -> bytes:
        content = write([part for sheet in sheets for part in sheet.parts])
        return content.encode() if isinstance(content, str) else content

    return written


EXERCISE_FORMATS: dict[str, FileFormat[Sheets]] = {
    "zip": FileFormat("application/zip", "zip", documents_zip),
    "moodle": FileFormat("application/vnd.moodle+xml", "xml", _tasks(moodle_cloze)),
    "moodle_numerical": FileFormat("application/vnd.moodle+xml", "xml", _tasks(moodle_numerical)),
    "qti": FileFormat("application/vnd.ims.qti+zip", "zip", _tasks(qti_package)),
    "numbas": FileFormat("application/vnd.numbas.exam", "exam", _tasks(numbas_exam)),
    "prairielearn": FileFormat("application/vnd.prairielearn+zip", "zip", _tasks(question_folders)),
}
"""By the name that `?format=` takes."""
