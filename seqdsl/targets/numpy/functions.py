"""the functions of a generated module: which there are, and which call which."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

CALLS: dict[str, tuple[str, ...]] = {
    "identity": (),
    "relu": (),
    "sigmoid": (),
    "softmax": (),
    "log_softmax": (),
    "gelu": (),
    "elu": (),
    "selu": (),
    "softplus": (),
    "swish": ("sigmoid",),
    "linear": (),
    "conv": (),
    "layer_norm": (),
    "batch_norm": (),
    "attend": (),
    "multi_head": ("attend",),
    "projections": (),
    "run_lstm": ("sigmoid", "run_row"),
    "run_gru": ("sigmoid", "run_row"),
    "run_rnn": ("run_row",),
    "run_stack": ("run_row",),
    "run_row": ("run_direction",),
    "run_direction": ("run_steps",),
    "run_steps": (),
    "check_padding": (),
    "some_valid": (),
    "true_first": (),
    "take_steps": (),
}
"""Each function of the templates, and the others that it calls."""

FUNCTIONS = tuple(CALLS)
RECURRENCES = frozenset(
    {"run_lstm", "run_gru", "run_rnn", "run_stack", "run_row", "run_direction", "run_steps"}
)
"""The functions whose macros are told what the model's recurrences have."""


def needed(names: Collection[str]) -> list[str]:
    """The functions that a module must have, each after those that it calls."""
    found: dict[str, None] = {}

    def add(name: str) -> None:
        # What stands in no table is a layer's own function, which calls no other.
        for other in CALLS.get(name, ()):
            add(other)
        found[name] = None

    for name in (*FUNCTIONS, *sorted(set(names) - set(FUNCTIONS))):
        if name in names:
            add(name)
    return list(found)
