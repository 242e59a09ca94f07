"""symbolic tensors of two calls of one function → whether both calls do the same: cheaper than to read them twice."""

from __future__ import annotations

from typing import Any

import keras


def do_the_same(one: Any, other: Any) -> bool:
    """Whether nested results of two calls, of the same tensors, come from the same operations.

    If that cannot be told, as of operations whose settings are no plain values, they do not.
    """
    try:
        return _alike(one, other, set())
    # Settings may be anything: an array has no truth value, and some operations have no configuration.
    except Exception:
        return False


def _alike(one: Any, other: Any, known: set[tuple[int, int]]) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, keras.KerasTensor):
        return _made_alike(one, other, known)
    if isinstance(one, dict):
        return _alike([*one.items()], [*other.items()], known)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other, [known] * len(one)))
    return bool(one == other)


def _made_alike(one: Any, other: Any, known: set[tuple[int, int]]) -> bool:
    """Whether two tensors are the same result of the same operation, of tensors that are made alike."""
    mine, theirs = one._keras_history, other._keras_history
    nodes = [item.operation._inbound_nodes[item.node_index] for item in (mine, theirs)]
    if mine.tensor_index != theirs.tensor_index:
        return False
    pair = id(nodes[0]), id(nodes[1])
    if pair in known:
        return True
    known.add(pair)
    if not _same_operation(mine.operation, theirs.operation):
        return False
    given = [(node.arguments.args, node.arguments.kwargs) for node in nodes]
    return _alike(given[0], given[1], known)


def _same_operation(one: Any, other: Any) -> bool:
    # A layer has weights, and is itself; an operation is made anew by each call.
    if one is other or isinstance(one, keras.Layer) or type(one) is not type(other):
        return one is other
    return _settings(one) == _settings(other)


def _settings(operation: Any) -> dict[str, Any]:
    return {name: item for name, item in operation.get_config().items() if name != "name"}
