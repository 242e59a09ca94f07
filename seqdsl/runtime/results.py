"""what a model returns → its results, in the order of the picture's outputs."""

from __future__ import annotations

from typing import Any


def several(result: Any, kind: type | None = None) -> list[Any]:
    """The tensors that a model returns, one or several.

    Args:
        result: what it returns.
        kind: what a tensor is; default: anything with a shape.

    Raises:
        TypeError: it returns something else.
    """
    results = list(result) if isinstance(result, list | tuple) else [result]
    for item in results:
        if not (isinstance(item, kind) if kind else hasattr(item, "shape")):
            raise TypeError(
                f"the model returns {_name(result)}; it should return a tensor, "
                "or a tuple of tensors in the order of the picture's outputs"
            )
    return results


def _name(result: Any) -> str:
    if isinstance(result, list | tuple):
        return f"a {type(result).__name__} of {', '.join(type(item).__name__ for item in result)}"
    return f"{type(result).__name__}"
