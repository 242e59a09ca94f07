"""How fast seqdsl is, and what it generates: measured beside its rivals."""
