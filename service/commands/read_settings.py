"""Settings from flags and environment variables, and errors that name the wrong one."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import SettingsError

from service.settings import Settings

PREFIX = "CHAINRULE_"
ALLOWED = {
    "greater_than_equal": "at least {ge}",
    "greater_than": "more than {gt}",
    "less_than_equal": "at most {le}",
    "int_parsing": "an integer",
    "int_from_float": "an integer",
    "int_type": "an integer",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "list_type": 'a JSON list such as ["https://example.org"]',
    "string_type": "a text",
}
"""What a setting has to be, by pydantic's name of the error."""
MAX_SHOWN_CHARS = 100


class InvalidSettings(Exception):
    """A sentence for each wrong setting: its flag or variable, its value, what is allowed."""


def read_settings(arguments: Sequence[str], prog: str, description: str) -> Settings:
    """Return the settings; flags win over the environment. Raises `InvalidSettings`.

    Prints the help and exits where `arguments` ask for it.
    """
    flags = _flags(_parser(prog, description), arguments)
    try:
        return Settings(**{name: _value(name, text) for name, text in flags.items()})
    except ValidationError as error:
        sentences = [_sentence(found, flags) for found in error.errors(include_url=False)]
        raise InvalidSettings("; ".join(sentences)) from None
    except SettingsError:
        raise InvalidSettings("; ".join(_not_json())) from None


def unknown_variables() -> list[str]:
    """Return the `CHAINRULE_*` variables of the environment that are no setting."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise InvalidSettings(f"{message}; `{self.prog} --help` lists the flags")


def _parser(prog: str, description: str) -> _Parser:
    parser = _Parser(prog, description=description, allow_abbrev=False)
    for name, field in Settings.model_fields.items():
        is_switch = field.annotation is bool
        default = "" if field.default in ("", []) else f" (default: {_shown(field)})"
        switch: dict[str, Any] = {"nargs": "?", "const": "true"} if is_switch else {}
        parser.add_argument(
            _flag(name),
            dest=name,
            metavar="true|false" if is_switch else name.rpartition("_")[2].upper(),
            default=argparse.SUPPRESS,
            **switch,
            help=f"{field.description}{default}".replace("%", "%%"),
        )
    return parser


def _shown(field: FieldInfo) -> str:
    value = field.default
    return f"{value:_}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _flags(parser: _Parser, arguments: Sequence[str]) -> Mapping[str, str]:
    if {"-h", "--help"} & set(arguments):
        parser.print_help()
        sys.stdout.flush()
        raise SystemExit(0)
    given: dict[str, str] = vars(parser.parse_args(list(arguments)))
    return given


def _value(name: str, text: str) -> Any:
    if Settings.model_fields[name].annotation != list[str]:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text  # refused as no list


def _sentence(found: Mapping[str, Any], flags: Mapping[str, str]) -> str:
    name = str(found["loc"][0])
    where = _flag(name) if name in flags else PREFIX + name.upper()
    value = flags.get(name, os.environ.get(PREFIX + name.upper(), str(found["input"])))
    shown = value if len(value) <= MAX_SHOWN_CHARS else value[:MAX_SHOWN_CHARS] + "…"
    if found["type"] == "value_error":
        return f"{where} is {shown!r}: {found['ctx']['error']}"
    allowed = ALLOWED.get(found["type"])
    words = f"it has to be {allowed}".format(**found.get("ctx", {})) if allowed else found["msg"]
    return f"{where} is {shown!r}; {words}"


def _not_json() -> list[str]:
    """Sentences about the variables that pydantic-settings could not parse as JSON."""
    sentences = []
    for name, field in Settings.model_fields.items():
        text = os.environ.get(PREFIX + name.upper())
        if field.annotation == list[str] and text is not None:
            try:
                json.loads(text)
            except ValueError:
                found = {"loc": (name,), "type": "list_type", "input": text}
                sentences.append(_sentence(found, {}))
    return sentences


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
