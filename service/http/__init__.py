"""HTTP semantics: problem documents, negotiation, conditional requests, bodies."""
