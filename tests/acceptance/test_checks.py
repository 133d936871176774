"""The checks before a commit are those of `make check`, and CI runs `make test`."""

import re

import yaml

from tests.acceptance.documents import ROOT


def recipe(target):
    """The commands of a target of the Makefile, with its variables replaced."""
    makefile = (ROOT / "Makefile").read_text()
    body = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)[1]
    variables = dict(re.findall(r"^(\w+) :?= (.*)$", makefile, re.MULTILINE))
    body = body.replace("$(BIN)", variables["BIN"]).replace("$(VENV)", variables["VENV"])
    return [line.strip() for line in body.splitlines()]


def test_the_hooks_before_a_commit_are_the_commands_of_make_check():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    (repository,) = config["repos"]
    assert repository["repo"] == "local"
    assert [hook["entry"] for hook in repository["hooks"]] == recipe("check")


def test_ci_runs_what_a_newcomer_runs():
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"
