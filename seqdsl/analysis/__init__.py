"""links and layers → facts: so that reports, lints and explanations describe a model in the same way."""
