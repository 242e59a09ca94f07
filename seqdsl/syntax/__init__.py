"""text ⇄ document: the lines of a ``.seq`` file, with their positions."""
