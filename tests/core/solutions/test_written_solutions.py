"""Solutions as Markdown, LaTeX and HTML: complete, legible, and with the same numbers in each."""

import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest
from sample_documents import sample_documents

from core.solutions.notation.tree import Matrix, entries
from core.solutions.renderers.html import html
from core.solutions.renderers.latex import latex
from core.solutions.renderers.markdown import markdown
from tests.browser import chromium

DOCUMENTS = sample_documents()
EACH = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)


def results(document):
    """The digits of every step's result, in order."""
    for step in document.steps:
        cells = entries(step.shown) if isinstance(step.shown, Matrix) else [step.shown]
        yield from (cell.text.partition("e")[0].lstrip("-") for cell in cells)


def compiled(source, folder):
    if shutil.which("pdflatex") is None:
        pytest.skip("there is no pdflatex on this machine")
    (folder / "paper.tex").write_text(source)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
    assert run.returncode == 0, run.stdout[-2000:]
    return run.stdout


@EACH
def test_the_latex_compiles_and_nothing_sticks_out_of_the_page(document, tmp_path):
    log = compiled(latex(document), tmp_path)
    assert "Overfull" not in log
    assert "Warning" not in log
    text = subprocess.run(
        ["pdftotext", "-layout", "paper.pdf", "-"], cwd=tmp_path, capture_output=True, text=True
    ).stdout
    assert document.title in text
    on_paper = set(re.findall(r"\d+(?:\.\d+)?", text))
    assert set(results(document)) <= on_paper


def test_the_formulas_in_the_markdown_are_latex(tmp_path):
    formulas = []
    for document in DOCUMENTS.values():
        source = markdown(document)
        assert source.startswith(f"# {document.title}\n")
        displayed = re.findall(r"\$\$(.*?)\$\$", source, flags=re.DOTALL)
        assert len(displayed) >= len(list(document.steps))
        rest = re.sub(r"\$\$.*?\$\$", "", source, flags=re.DOTALL)
        formulas += [f"\\[{one}\\]" for one in displayed]
        formulas += [f"${one}$" for one in re.findall(r"\$([^$]+)\$", rest)]
    body = "\n\n".join(formulas)
    compiled(
        "\\documentclass{article}\\usepackage{amsmath}\\usepackage[paperwidth=200cm]{geometry}"
        f"\\begin{{document}}{body}\\end{{document}}",
        tmp_path,
    )


@EACH
def test_the_html_is_well_formed_and_loads_nothing(document):
    page = html(document)
    body = page.partition("<body>")[2].partition("</body>")[0]
    tree = ElementTree.fromstring(f"<body>{body}</body>")  # noqa: S314  # we wrote it ourselves
    sections = tree.findall(".//section")
    assert len(sections) == len(list(document.steps))
    assert "math" in {re.sub("{.*}", "", element.tag) for element in tree.iter()}
    digits = {element.text for element in tree.iter("mn")}
    assert set(results(document)) <= digits
    assert not re.search(r"<script|\bsrc=|@import|url\(", page)
    links = re.findall(r'href="([^"]*)"', page)
    assert all(link.startswith(("#", "data:")) for link in links)


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.mark.browser
@EACH
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_opens_without_complaint_on_a_phone_and_on_a_desk(
    browser, tmp_path, document, width
):
    file = tmp_path / "solution.html"
    file.write_text(html(document))
    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints, requests = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    assert page.title() == document.title
    assert complaints == []
    assert [url for url in requests if not url.startswith("data:")] == [file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ends = page.evaluate(
        "() => [...document.querySelectorAll('math, svg, td')]"
        ".map(one => one.getBoundingClientRect().right)"
    )
    # The 16 columns of eight digits are legible on a desk, and scroll on a phone.
    assert max(ends) <= width or (document, width) == (DOCUMENTS["wide"], 390)
    first = page.locator(".nn-lines").first.bounding_box()
    assert first["height"] > 10
    assert first["width"] > 30
    page.close()
