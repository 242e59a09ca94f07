"""specification → plain words: says what was inferred from a picture and why, so that readers can check it."""
