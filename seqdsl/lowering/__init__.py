"""wired picture → model specification: the meaning, chosen once for all targets."""
