"""what a picture promises about its models: the names of the checks, for all who only name them."""

CHECKS = (
    "shapes",
    "parameters",
    "reference",
    "dependence",
    "agreement",
    "training",
    "saving",
)
"""The promises, in the order they are tried; each is a module of `seqdsl.verify.checks`."""
