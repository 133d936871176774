"""Refuse to serve other machines without API keys, unless the operator allows it."""

from service.auth.middleware import is_loopback
from service.settings import Settings


class UnprotectedBind(Exception):
    """Other machines could reach the service, and it would need no API key of them."""

    def __init__(self, how: str) -> None:
        super().__init__(
            f"other machines can reach the service ({how}), and no API key would be needed. "
            "Either create keys (`chainrule keys add NAME`) and set CHAINRULE_API_KEYS_FILE, "
            "or set CHAINRULE_ALLOW_ANONYMOUS=true to serve every client."
        )


def require_protection(settings: Settings) -> None:
    """Raise `UnprotectedBind` where clients of other machines need neither key nor permission."""
    if settings.api_keys_file or settings.allow_anonymous:
        return
    if not is_loopback(settings.host):
        raise UnprotectedBind(f"CHAINRULE_HOST is {settings.host!r}")
    if settings.proxy_networks:
        raise UnprotectedBind(f"CHAINRULE_TRUSTED_PROXIES is {settings.trusted_proxies!r}")
