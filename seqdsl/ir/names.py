"""name → whether it may become an identifier of generated code: a graph may come from a stranger."""

from __future__ import annotations

import re

from seqdsl.syntax.names import is_reserved

LONGEST_NAME = 60
"""Characters of a name: those of the language, and what numbers them."""

_NAME = re.compile(r"[a-z][A-Za-z0-9_]*")
_MODEL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def name_problem(name: str, *, unnamed: bool = False) -> str:
    """What keeps ``name`` from being an identifier; empty if nothing does.

    Args:
        name: the name.
        unnamed: whether it may begin with ``_``, as that of a length does that has no name in the drawing.
    """
    if not _NAME.fullmatch(name[1:] if unnamed and name.startswith("_") else name):
        return f"`{name}` is not a name: a lower-case letter, then letters, digits and `_`"
    if len(name) > LONGEST_NAME:
        return f"a name has {len(name)} characters; {LONGEST_NAME} are the most"
    # Python rewrites names with two underscores inside a class.
    if is_reserved(name) or "__" in name:
        return f"`{name}` has a meaning of its own in generated code"
    return ""


def model_problem(name: str) -> str:
    """What keeps ``name`` from being that of a model; empty if nothing does."""
    if len(name) > LONGEST_NAME:
        return f"a model has a name of {len(name)} characters; {LONGEST_NAME} are the most"
    return "" if _MODEL.fullmatch(name) else f"`{name}` is not the name of a model"
