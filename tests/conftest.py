"""What holds for every test: axes are checked, examples are drawn without a clock."""

import os
from pathlib import Path

from hypothesis import settings
from jaxtyping import install_import_hook

# Every call that a test makes is held to the axes its signature names; but where Python loops over
# numbers one by one, the looking took four times as long as the computing.
LOOPS = {"approximation", "solutions"}
# numba compiles functions of values that no Python code sees.
COMPILED = {"lanes", "kernels", "fused_adam"}
CORE = Path(__file__).parent.parent / "core"
MODULES = (path.relative_to(CORE.parent).with_suffix("").parts for path in CORE.rglob("*.py"))
install_import_hook(
    [".".join(parts) for parts in MODULES if not (LOOPS | COMPILED).intersection(parts)],
    "beartype.beartype",
)

# Whether numba's cache is warm changes no test but those that ask for the compiled kernels.
os.environ.setdefault("CHAINRULE_ARITHMETIC", "numpy")

# No test depends on how busy the machine is, and every run draws the same examples; others are
# drawn by `--hypothesis-profile=random`.
settings.register_profile("chainrule", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None)
settings.load_profile("chainrule")
