"""text → text: the canonical form of a ``.seq`` file, which means the same."""
