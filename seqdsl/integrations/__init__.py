"""other people's files and programs → pictures: Markdown, docstrings, notebooks and pytest."""
