"""the documentation, and what writes the pages that are generated."""
