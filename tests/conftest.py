"""What holds for every test: axes are checked, examples are drawn without a clock."""

import os

from hypothesis import settings
from jaxtyping import install_import_hook

# Every call that a test makes is held to the axes its signature names.
install_import_hook(["core"], "beartype.beartype")

# No test depends on how busy the machine is; CI draws the same examples every time.
settings.register_profile("chainrule", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("chainrule")
