"""`chainrule openapi`: print the OpenAPI document."""

import argparse
import json
import sys
from collections.abc import Sequence

from service.app import create_app
from service.settings import Settings


def run(arguments: Sequence[str]) -> int:
    """Print the OpenAPI document of the default settings, in UTF-8 whatever the locale is."""
    argparse.ArgumentParser("chainrule openapi", description=run.__doc__).parse_args(arguments)
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    document = create_app(Settings(**defaults)).openapi()
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
    return 0
