"""graph → source for a framework: one folder for each."""
