"""paths → texts and settings: so that every adapter reads files and pyproject.toml in the same way."""
