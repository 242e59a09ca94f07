"""links and layers → facts about a model: its topology, N, its bottlenecks, its parameter counts."""
