"""specification → plain words: what was inferred of a picture and why, and why data does not fit it."""
