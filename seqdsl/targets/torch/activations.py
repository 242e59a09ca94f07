"""activations → PyTorch: the function of each, for values whose features are on the last axis."""

from __future__ import annotations

from seqdsl.targets.code import Code, call

_OF_TORCH = frozenset({"relu", "tanh", "sigmoid"})
_OF_FEATURES = frozenset({"softmax", "log_softmax"})
_WORDS = {"swish": "silu", "hard_sigmoid": "hardsigmoid"}


def activated(name: str, value: Code, axis: int = -1) -> Code:
    """A value, whose features are on an axis, behind an activation."""
    if name == "linear":
        return value
    if name in _OF_TORCH:
        return call(f"torch.{name}", value)
    if name in _OF_FEATURES:
        return call(f"torch.{name}", value, dim=axis)
    if name == "leaky_relu":
        # Written, as other frameworks have other slopes.
        return call("F.leaky_relu", value, negative_slope=0.01)
    return call(f"F.{_WORDS.get(name, name)}", value)


def is_of_features(name: object) -> bool:
    """Whether an activation looks at all features of a step, and not at each number by itself."""
    return name in _OF_FEATURES
