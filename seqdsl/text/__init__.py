"""text → spans and diagnostics: so that every finding has a code and a place in the file."""
