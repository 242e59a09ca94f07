"""paths → texts and settings: what a project's files and its pyproject.toml say, to whichever adapter asks."""
