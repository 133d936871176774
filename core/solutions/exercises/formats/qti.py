"""Exercise sheets as QTI 1.2 in the dialect of Canvas: a numerical item for each number.

IMS Question and Test Interoperability 1.2.1; the metadata `question_type` and `points_possible` are
those that Canvas reads and writes.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from xml.sax.saxutils import escape, quoteattr

from core.solutions.exercises.formats.answers import Answer, answers
from core.solutions.exercises.formats.archive import zipped
from core.solutions.exercises.formats.fragment import fragment, inline
from core.solutions.exercises.handout import Handout
from core.solutions.rounding import plain

NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
MANIFEST_NAMESPACE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_LEAST_ROOM = 1e-9
"""Of an exact number, which Canvas compares in binary."""


def qti_package(sheets: Sequence[Handout]) -> bytes:
    """A ZIP with a manifest and an assessment per sheet."""
    resources = "\n".join(_resource(_ident(sheet)) for sheet in sheets)
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest identifier="{_ident(*sheets)}" xmlns="{MANIFEST_NAMESPACE}">\n'
        "<metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata>\n"
        f"<organizations/>\n<resources>\n{resources}\n</resources>\n</manifest>\n"
    )
    files = ((f"{_ident(sheet)}/{_ident(sheet)}.xml", _assessment(sheet)) for sheet in sheets)
    return zipped([("imsmanifest.xml", manifest), *files])


def _ident(*sheets: Handout) -> str:
    """A name that a platform recognises when the same sheets are imported again."""
    codes = " ".join(f"{sheet.code} {sheet.heading}" for sheet in sheets)
    return f"g{sha256(codes.encode()).hexdigest()[:32]}"


def _resource(ident: str) -> str:
    return (
        f'<resource identifier="{ident}" type="imsqti_xmlv1p2">'
        f'<file href="{ident}/{ident}.xml"/></resource>'
    )


def _assessment(sheet: Handout) -> str:
    title = quoteattr(f"{sheet.heading} ({sheet.code})")
    items = "\n".join(_items(sheet))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<questestinterop xmlns="{NAMESPACE}">\n'
        f'<assessment ident="{_ident(sheet)}" title={title}>\n'
        f"<qtimetadata>{_field('cc_maxattempts', '1')}</qtimetadata>\n"
        f'<section ident="root_section">\n{items}\n</section>\n'
        "</assessment>\n</questestinterop>\n"
    )


def _items(sheet: Handout) -> Iterator[str]:
    """The task as a text without a question, then each number."""
    metadata = _metadata("text_only_question", 0)
    yield _item(sheet, "task", metadata, _presented(fragment(sheet.exercise.task), ""))
    for answer in answers(sheet):
        yield _item(
            sheet,
            answer.name,
            _metadata("numerical_question", answer.weight),
            _presented(f"<p>{inline(answer.symbol)} = ?</p>", _RESPONSE) + _processing(answer),
        )


_RESPONSE = (
    '<response_str ident="response1" rcardinality="Single">'
    '<render_fib fibtype="Decimal"><response_label ident="answer1"/></render_fib></response_str>'
)


def _item(sheet: Handout, name: str, metadata: str, content: str) -> str:
    ident = f"{_ident(sheet)}_{name}"
    return f'<item ident="{ident}" title="{name}">\n{metadata}\n{content}\n</item>'


def _field(label: str, entry: str) -> str:
    return (
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel>"
        f"<fieldentry>{entry}</fieldentry></qtimetadatafield>"
    )


def _metadata(kind: str, points: int) -> str:
    fields = _field("question_type", kind) + _field("points_possible", str(points))
    return f"<itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>"


def _presented(html: str, response: str) -> str:
    text = f'<material><mattext texttype="text/html">{escape(html)}</mattext></material>'
    return f"<presentation>{text}{response}</presentation>"


def _processing(answer: Answer) -> str:
    """The right interval first; then the numbers of known mistakes, which only have feedback."""
    equal = f'<varequal respident="response1">{plain(answer.value)}</varequal>'
    within = _range(answer, float(answer.value))
    scored = '<setvar action="Set" varname="SCORE">100</setvar>'
    conditions = [_condition(f"<or>{equal}{within}</or>", scored)]
    feedback = []
    for number, (value, sentence) in enumerate(answer.mistakes, start=1):
        name = f"mistake{number}_fb"
        shown = f'<displayfeedback feedbacktype="Response" linkrefid="{name}"/>'
        conditions.append(_condition(_range(answer, float(value)), shown))
        feedback.append(_feedback(name, sentence))
    return (
        '\n<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" '
        'vartype="Decimal"/></outcomes>\n'
        + "\n".join(conditions)
        + "\n</resprocessing>\n"
        + "\n".join(feedback)
    )


def _range(answer: Answer, value: float) -> str:
    room = max(answer.tolerance, _LEAST_ROOM)
    return (
        f'<and><vargte respident="response1">{value - room:.12g}</vargte>'
        f'<varlte respident="response1">{value + room:.12g}</varlte></and>'
    )


def _condition(test: str, consequence: str) -> str:
    return (
        f'<respcondition continue="No"><conditionvar>{test}</conditionvar>{consequence}'
        "</respcondition>"
    )


def _feedback(name: str, sentence: str) -> str:
    text = f'<mattext texttype="text/plain">{escape(sentence)}</mattext>'
    return (
        f'<itemfeedback ident="{name}"><flow_mat><material>{text}</material></flow_mat>'
        "</itemfeedback>"
    )
