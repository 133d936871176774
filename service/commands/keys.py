"""`chainrule keys add NAME`, `keys revoke NAME` and `keys list`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from service.auth.key_file import KeyFile


def run(arguments: Sequence[str]) -> int:
    """Change or list the API keys; a running service uses the file with the next request."""
    given = _parser().parse_args(arguments)
    path = given.file or os.environ.get("CHAINRULE_API_KEYS_FILE", "")
    if not path:
        sys.stderr.write("no key file is given; set CHAINRULE_API_KEYS_FILE or use --file\n")
        return 2
    file = KeyFile(Path(path))
    try:
        if given.command == "add":
            sys.stdout.write(f"{file.add(given.name)}\n")
            sys.stderr.write("This is the only time that the key is shown.\n")
        elif given.command == "revoke":
            file.revoke(given.name)
        else:
            for key in file.entries():
                sys.stdout.write(f"{key.id} {key.name}\n")
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--file", help="key file, in place of CHAINRULE_API_KEYS_FILE")
    parser = argparse.ArgumentParser("chainrule keys", description=run.__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    named = argparse.ArgumentParser(add_help=False, parents=[shared])
    named.add_argument("name", help="owner of the key, as shown with jobs and in the log")
    commands.add_parser("add", parents=[named], help="create a key and print it, once")
    commands.add_parser("revoke", parents=[named], help="delete the key of that name")
    commands.add_parser("list", parents=[shared], help="print id and name of every key")
    return parser
