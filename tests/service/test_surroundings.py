"""What surrounds the process: locale, terminal, settings, the log, help."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version

import httpx
import pytest
from served import COMMAND, served

from service.cli import COMMANDS

PATIENCE_SECONDS = 120
LOCALES = [
    {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "gb18030", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
]


def run(*arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CHAINRULE_")}
    return subprocess.run(
        [COMMAND, *arguments],
        env=clean | environment,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
    )


def log_line(done):
    """The one line on standard error, which is JSON where it is no terminal."""
    (line,) = done.stderr.decode().splitlines()
    return json.loads(line)["event"]


# Each help in one locale, each locale with one help.
@pytest.mark.parametrize(
    ("arguments", "locale"),
    [
        (("--help",), LOCALES[0]),
        (("serve", "--help"), LOCALES[1]),
        (("keys", "--help"), LOCALES[2]),
        (("openapi", "--help"), LOCALES[3]),
    ],
    ids=["C", "latin-1", "gb18030", "ascii"],
)
def test_help_is_shown_on_every_terminal(arguments, locale):
    done = run(*arguments, **locale)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"usage: chainrule")


@pytest.mark.parametrize("locale", LOCALES[:2], ids=lambda locale: next(iter(locale.values())))
def test_the_contract_is_utf_8_in_every_locale(locale):
    done = run("openapi", **locale)
    assert done.stderr == b""
    document = json.loads(done.stdout.decode("utf-8"))
    assert "σ" in document["paths"]["/forward"]["post"]["description"]


@pytest.mark.parametrize("locale", LOCALES[:3], ids=lambda locale: next(iter(locale.values())))
def test_a_service_serves_its_pages_in_every_locale(tmp_path, locale, monkeypatch):
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    with served(tmp_path) as server:
        assert "σ" in httpx.get(server.address + "/openapi.json").text
        assert httpx.get(server.address + "/").status_code == 200
        assert httpx.get(server.address + "/nothing/σ%FF").status_code == 404
        server.stop()  # its last line is written
    lines = (tmp_path / "stderr").read_text("utf-8").splitlines()
    assert any("σ" in json.loads(line).get("path", "") for line in lines)


def test_no_file_of_the_package_is_read_in_the_encoding_of_the_locale():
    command = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    code = "from service.cli import main; main(['openapi'])"
    done = subprocess.run([*command, "-c", code], capture_output=True, timeout=PATIENCE_SECONDS)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_command_describes_itself():
    text = run("--help").stdout.decode()
    assert all(f"  {name} " in text and COMMANDS[name].summary in text for name in COMMANDS)
    assert run("--version").stdout.decode() == f"chainrule {version('chainrule')}\n"
    assert "--max-layers" in run("serve", "--help").stdout.decode()


@pytest.mark.parametrize("arguments", [(), ("serv",), ("-x",)])
def test_a_wrong_command_is_refused_with_those_that_there_are(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert all(name in done.stderr.decode() for name in COMMANDS)


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("CHAINRULE_PORT", "70000", "at most 65535"),
        ("CHAINRULE_PORT", "http", "an integer"),
        ("CHAINRULE_WORKERS", "0", "at least 1"),
        ("CHAINRULE_BODY_TIMEOUT_SECONDS", "0", "more than 0"),
        ("CHAINRULE_BODY_TIMEOUT_SECONDS", "soon", "a number"),
        ("CHAINRULE_TELEMETRY", "maybe", "true or false"),
        ("CHAINRULE_CORS_ORIGINS", "https://example.org", "a JSON list"),
        ("CHAINRULE_CORS_ORIGINS", '"x"', "a JSON list"),
        ("CHAINRULE_ROOT_PATH", "x/", "begins with /"),
        ("CHAINRULE_ROOT_PATH", "/train", "path of the API"),
        ("CHAINRULE_TRUSTED_PROXIES", "proxy", "IPv4 or IPv6"),
        ("CHAINRULE_DATABASE_URL", "mysql://x", "sqlite:///"),
        ("CHAINRULE_DATABASE_URL", "sqlite://", "needs a file"),
    ],
)
def test_a_wrong_variable_is_one_sentence(variable, value, allowed):
    done = (
        run("serve", "--port", "0", **{variable: value})
        if "PORT" not in variable
        else run("serve", **{variable: value})
    )
    sentence = log_line(done)
    assert done.returncode == 2
    assert variable in sentence or "root path" in allowed or "path of the API" in sentence
    assert value.strip('"') in sentence
    assert allowed in sentence
    assert done.stdout == b""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--port", "70000"), ("--port", "70000", "at most 65535")),
        (("--max-layers", "0"), ("--max-layers", "0", "at least 1")),
        (("--prot", "1"), ("--prot", "--help")),
        (("--port",), ("--port",)),
        (("--cors-origins", "x"), ("--cors-origins", "x", "a JSON list")),
    ],
)
def test_a_wrong_flag_is_one_sentence(arguments, words):
    done = run("serve", *arguments)
    assert done.returncode == 2
    assert all(word in log_line(done) for word in words)


def test_every_line_of_the_log_is_json_with_the_time_in_utc(tmp_path):
    before = datetime.now(UTC)
    with served(tmp_path, workers=1) as server:
        httpx.get(server.address + "/datasets")
        httpx.get(server.address + "/nothing")
        server.stop()
    after = datetime.now(UTC)
    lines = [json.loads(line) for line in (tmp_path / "stderr").read_text().splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert len(requests) == 2
    for line in requests:
        start = datetime.fromisoformat(line["started"])
        end = datetime.fromisoformat(line["timestamp"])
        assert before <= start <= end <= after


def test_tracebacks_warnings_and_records_of_libraries_are_json_too():
    code = (
        "import logging, threading, warnings\n"
        "from service.observability.logs import configure_logs\n"
        "configure_logs()\n"
        "warnings.warn('a warning')\n"
        "logging.getLogger('uvicorn.error').error('an error of %s', 'uvicorn')\n"
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    logging.exception('caught')\n"
        "def fail():\n    raise ValueError('in a thread')\n"
        "thread = threading.Thread(target=fail)\nthread.start()\nthread.join()\n"
        "raise RuntimeError('at the end')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=PATIENCE_SECONDS
    )
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stderr.decode().splitlines()]
    text = done.stderr.decode()
    assert len(lines) == 5
    for words in (
        "a warning",
        "an error of uvicorn",
        "ZeroDivisionError",
        "in a thread",
        "at the end",
    ):
        assert words in text
