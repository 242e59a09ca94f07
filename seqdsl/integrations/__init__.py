"""Markdown, docstrings, notebooks, pytest → pictures: so that a picture can be where its readers work."""
