"""model specification → source: one thin module for each framework."""
