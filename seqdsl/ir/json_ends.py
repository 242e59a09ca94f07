"""JSON → what enters and leaves a graph: arguments, results, states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.ends import Feedback, Holds, Input, Output, State
from seqdsl.ir.json_place import IrJsonError

if TYPE_CHECKING:
    from seqdsl.ir.json_place import Place


def read_input(place: Place) -> Input:
    """An argument of a graph."""
    vocabulary, dtype = place.of("vocabulary"), place.of("dtype").text()
    if dtype not in ("float32", "int32"):
        raise IrJsonError(place.of("dtype").path, f"unknown type `{dtype}`")
    return Input(
        place.of("name").name(),
        place.of("node").integer(),
        tuple(item.size() for item in place.of("shape").items()),
        "int32" if dtype == "int32" else "float32",
        None if vocabulary.value is None else vocabulary.size(),
        _read_feedback(place),
    )


def _read_feedback(place: Place) -> Feedback | None:
    """What is fed back into an input; graphs that were saved before there was such have no such key."""
    if "feedback" not in place.names() or place.of("feedback").value is None:
        return None
    fed = place.of("feedback")
    return Feedback(fed.of("node").integer(), fed.of("choose").flag())


def read_output(place: Place) -> Output:
    """A result of a graph."""
    shape = tuple(item.size() for item in place.of("shape").items())
    node, n = place.of("node").integer(), place.of("n").size()
    return Output(place.of("name").name(), node, shape, n)


def optional(root: Place, key: str) -> list[Place]:
    """What graphs have that were saved since there is such: older ones have no such key."""
    return root.of(key).items() if key in root.names() else []


def read_state(place: Place) -> State:
    """A state that passes from call to call."""
    return State(
        place.of("name").name(),
        place.of("node").integer(),
        place.of("part").integer(),
        tuple(item.size() for item in place.of("shape").items()),
        place.of("input").flag(),
        place.of("output").flag(),
        place.of("holds").choice(Holds) if "holds" in place.names() else Holds.STATE,
    )
