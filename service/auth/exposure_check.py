"""Without keys a service answers its own machine, unless its operator says that all may ask."""

from service.auth.middleware import is_loopback
from service.settings import Settings


class OpenToTheWorld(Exception):
    """The service would be reached from elsewhere, and ask nobody who they are."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} can be reached from other machines, and nobody would be asked for a key. "
            "Either make keys (`chainrule keys add NAME`) and set CHAINRULE_API_KEYS_FILE, "
            "or set CHAINRULE_OPEN=true to serve whoever comes."
        )


def require_a_reason(settings: Settings) -> None:
    """Raise `OpenToTheWorld` unless somebody has decided that."""
    if not (settings.api_keys_file or settings.open or is_loopback(settings.host)):
        raise OpenToTheWorld(settings.host)
