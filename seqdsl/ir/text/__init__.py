"""graph ↔ text: what a person reads of a graph, and what tests compare."""
