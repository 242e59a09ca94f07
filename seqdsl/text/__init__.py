"""text → places and findings: positions, spans, diagnostics and the catalogue of their codes."""
