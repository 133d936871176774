"""The metrics that the dashboard queries exist."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.service.conversation import conversation

FOLDER = Path(__file__).parents[2] / "observe"
DASHBOARD = json.loads((FOLDER / "dashboards" / "chainrule.json").read_text())
TARGETS = [target for panel in DASHBOARD["panels"] for target in panel["targets"]]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The samples that are served, with the names of their labels."""
    with conversation(tmp_path_factory.mktemp("service")) as client:
        client.get("/datasets")
        text = client.get("/metrics").text
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    return {sample.name: set(sample.labels) for sample in samples}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target["expr"][:60])
def test_every_line_of_the_dashboard_has_its_measure_and_its_labels(served, target):
    names = re.findall(r"\b(?:chainrule|process)_\w+", target["expr"])
    assert names
    grouped = re.findall(r"by \(([\w, ]+)\)", target["expr"])
    labels = {label.strip() for group in grouped for label in group.split(",")}
    labels |= set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
    for name in names:
        assert labels <= served[name]


def test_every_measure_of_ours_is_on_the_dashboard(served):
    shown = " ".join(target["expr"] for target in TARGETS)
    ours = {name for name in served if name.startswith("chainrule_")}
    # Further series of a histogram and a counter are not drawn.
    drawn = {name for name in ours if not name.endswith(("_created", "_sum", "_count"))}
    assert {name for name in drawn if name not in shown} == set()


def test_panels_do_not_lie_on_each_other():
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len(places)
