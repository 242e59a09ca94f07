"""text with errors → repaired text: drawing mistakes that can be corrected in one way only."""
