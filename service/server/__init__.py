"""The hardened HTTP server: timeouts, connection limits, admission."""
