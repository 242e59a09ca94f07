"""document → wired picture: nodes, blocks, wires and state wires, and the step graph of drawn units."""
