"""live model → named weights, settings and draws: so that checks need not know which framework runs a model."""
