"""the repository's pages → the site: its Markdown in build/pages, which mkdocs or zensical turn into build/docs."""
