"""Every call that a test makes is held to the axes its signature names."""

from jaxtyping import install_import_hook

install_import_hook(["core"], "beartype.beartype")
