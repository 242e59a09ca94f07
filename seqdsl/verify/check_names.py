"""the names of the checks, for all who only name them."""

CHECKS = (
    "shapes",
    "parameters",
    "reference",
    "dependence",
    "agreement",
    "training",
    "saving",
)
"""In the order in which they run; each is a module of `seqdsl.verify.checks`."""
