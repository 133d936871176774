"""Without keys a service answers its own machine, unless its operator says that all may ask."""

from service.auth.middleware import is_loopback
from service.settings import Settings


class UnprotectedBind(Exception):
    """The service would be reached from elsewhere, and ask nobody who they are."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} can be reached from other machines, and nobody would be asked for a key. "
            "Either make keys (`chainrule keys add NAME`) and set CHAINRULE_API_KEYS_FILE, "
            "or set CHAINRULE_ALLOW_ANONYMOUS=true to serve whoever comes."
        )


def require_protection(settings: Settings) -> None:
    """Raise `UnprotectedBind` unless somebody has decided that."""
    if not (settings.api_keys_file or settings.allow_anonymous or is_loopback(settings.host)):
        raise UnprotectedBind(settings.host)
