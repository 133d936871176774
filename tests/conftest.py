"""What holds for every test: axes are checked, examples are drawn without a clock."""

import os
from pathlib import Path
from pkgutil import iter_modules

from hypothesis import settings
from jaxtyping import install_import_hook

# Every call that a test makes is held to the axes its signature names; but where Python loops over
# numbers one by one, the looking took four times as long as the computing.
LOOPS = {"approximation", "solutions"}
CORE = Path(__file__).parent.parent / "core"
install_import_hook(
    [f"core.{module.name}" for module in iter_modules([str(CORE)]) if module.name not in LOOPS],
    "beartype.beartype",
)

# No test depends on how busy the machine is; CI draws the same examples every time.
settings.register_profile("chainrule", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("chainrule")
