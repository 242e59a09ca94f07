"""step graph → model specification: the meaning, chosen once for all frameworks."""
