"""The Jinja templates of the generated sources, as package data (installed as ``seqdsl.templates``)."""
