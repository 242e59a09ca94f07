"""models in both frameworks, and ways from one to the other → what arrives (see `benchmarks.converters`)."""
