"""text with errors → repaired text: slips of drawing that can be mended in one way only."""
