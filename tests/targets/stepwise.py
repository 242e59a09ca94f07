"""A graph's values in plain numpy, one step of one node at a time: what targets are held against.

It knows nothing of loops: a step of a node asks for the steps that it reads, which ask for those that they read.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    Elementwise,
    Expression,
    FinalState,
    Pad,
    Repeat,
    Slice,
    Step,
    Value,
    Zeros,
)
from seqdsl.ir.graph import Graph, Node
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Convolve,
    Identity,
    Merge,
    PassedState,
    Placeholder,
    Reduce,
    Scan,
    ValueState,
)
from seqdsl.ir.spreads import shapes_of
from seqdsl.size import Size

Array = Any


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def softmax(x: Array) -> Array:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


ACTIVATIONS = {
    "linear": lambda x: x,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": lambda x: np.maximum(x, 0),
    "softmax": softmax,
    "log_softmax": lambda x: np.log(softmax(x)),
}
COMBINED = {
    "add": sum,
    "multiply": lambda parts: np.prod(parts, axis=0),
    "mean": lambda parts: sum(parts) / len(parts),
    "max": lambda parts: np.max(parts, axis=0),
    "min": lambda parts: np.min(parts, axis=0),
}


class Stepwise:
    """The values of one graph for some inputs and weights."""

    def __init__(
        self,
        graph: Graph,
        weights: dict[str, Array],
        inputs: dict[str, Array],
        lengths: dict[str, int],
    ) -> None:
        self.graph, self.weights = graph, weights
        self.inputs = {item.block: inputs[item.name] for item in graph.inputs}
        self.env = graph.defaults | lengths
        self.shapes = shapes_of(graph)
        self.samples = len(next(iter(inputs.values())))
        self.value = cache(self.value)  # type: ignore[method-assign]
        self.state = cache(self.state)  # type: ignore[method-assign]

    def outputs(self) -> list[Array]:
        return [self.whole(Value(item.block)) for item in self.graph.outputs]

    def number(self, size: Size) -> int:
        return size.value(self.env)

    def count(self, expression: Expression) -> int | None:
        steps = self.shapes.of(expression).steps
        return None if steps is None else self.number(steps)

    def whole(self, expression: Expression) -> Array:
        count = self.count(expression)
        if count is None:
            return self.vector(expression)
        return np.stack([self.at(expression, step) for step in range(count)], axis=1)

    def vector(self, expression: Expression) -> Array:
        match expression:
            case Value(block):
                return self.value(block, 0)
            case FinalState(block):
                node = self.graph.nodes[block]
                assert node.steps is not None
                return self.state(block, self.number(node.steps) - 1)[0]
            case Step(of, index):
                return self.at(of, self.number(index))
            case ConcatFeatures(parts):
                return np.concatenate([self.vector(part) for part in parts], axis=-1)
        raise NotImplementedError(expression)

    def at(self, expression: Expression, step: int) -> Array:
        match expression:
            case Value(block):
                return self.value(block, step)
            case Slice(of, start, _, stride):
                return self.at(of, self.number(start) + step * stride)
            case Repeat(of):
                return self.vector(of)
            case Zeros(_, width):
                return np.zeros((self.samples, self.number(width)))
            case Pad(of, before):
                inner = step - self.number(before)
                if 0 <= inner < (self.count(of) or 0):
                    return self.at(of, inner)
                return np.zeros((self.samples, self.number(self.shapes.of(of).features)))
            case ConcatFeatures(parts):
                return np.concatenate([self.at(part, step) for part in parts], axis=-1)
            case Elementwise(how, parts):
                return COMBINED[how]([self.at(part, step) for part in parts])
            case ConcatTime(parts):
                for part in parts:
                    if step < (count := self.count(part) or 0):
                        return self.at(part, step)
                    step -= count
        raise NotImplementedError(expression)

    def valid(self, node: Node, step: int) -> Array:
        """Which samples have a valid step."""
        if node.masking.begins:
            ids = self.inputs[node.views[0].block]  # type: ignore[union-attr]
            return ids[:, step] != 0
        found = [self.mask(mask, step) for mask in node.masks]
        return np.all(found, axis=0) if found else np.ones(self.samples, bool)

    def mask(self, expression: Expression, step: int) -> Array:
        match expression:
            case Value(block):
                return self.valid(self.graph.nodes[block], step)
            case Slice(of, start):
                return self.mask(of, self.number(start) + step)
        raise NotImplementedError(expression)

    def value(self, index: int, step: int) -> Array:
        node = self.graph.nodes[index]
        found = self._value(node, step)
        if node.masking:
            found = np.where(self.valid(node, step)[:, None], found, 0)
        return found

    def weight(self, node: Node, name: str) -> Array:
        assert node.layer is not None
        return self.weights.get(f"{node.layer.name}/{name}", 0.0)

    def _activated(self, node: Node, value: Array) -> Array:
        assert node.layer is not None
        return ACTIVATIONS[str(node.layer.arguments.get("activation") or "linear")](value)

    def _value(self, node: Node, step: int) -> Array:
        read = self.at if node.steps is not None else lambda expression, _: self.vector(expression)
        match node.operation:
            case Placeholder():
                whole = self.inputs[node.index]
                return whole[:, step] if node.steps is not None else whole
            case Identity(operand):
                return read(operand, step)
            case Apply(operand) if node.kind == "embedding":
                # Zero steps before the first id have a feature, ids have none.
                ids = read(operand, step).reshape(self.samples).astype(int)
                return self.weight(node, "embeddings")[ids]
            case Apply(operand) if node.kind == "argmax":
                return read(operand, step).argmax(axis=-1)
            case Apply(operand) if node.kind in ("dropout",):
                return read(operand, step)
            case Apply(operand) if node.kind == "dense":
                x = read(operand, step) @ self.weight(node, "kernel") + self.weight(node, "bias")
                return self._activated(node, x)
            case Merge(how, operands):
                return COMBINED[how.value]([read(item, step) for item in operands])
            case Reduce(_, operand):
                return self.whole(operand).mean(axis=1)
            case Convolve():
                return self._convolved(node, node.operation, step)
            case Attend():
                return self._attended(node, node.operation, step)
            case Scan():
                return self.state(node.index, step)[0]
        raise NotImplementedError(node)

    def _convolved(self, node: Node, operation: Convolve, step: int) -> Array:
        kernel, layer = self.weight(node, "kernel"), node.layer
        assert layer is not None
        dilation = self.number(layer.size("dilation"))
        total = self.weight(node, "bias")
        for place in range(len(kernel)):
            read = step - self.number(operation.before) + place * dilation
            if 0 <= read < (self.count(operation.operand) or 0):
                total = total + self.at(operation.operand, read) @ kernel[place]
        return self._activated(node, total)

    def _attended(self, node: Node, operation: Attend, step: int) -> Array:
        assert node.layer is not None
        query = (
            self.at(operation.query, step)
            if node.steps is not None
            else self.vector(operation.query)
        )
        count = self.count(operation.memory) or 0
        last = step + 1 if node.layer.arguments["causal"] else count
        memory = np.stack([self.at(operation.memory, item) for item in range(last)], axis=1)
        compared = memory
        if operation.keys is not None:
            compared = np.stack([self.at(operation.keys, item) for item in range(last)], axis=1)
        scores = np.einsum("bf,btf->bt", query, compared)
        for mask in operation.memory_masks:
            valid = np.stack([self.mask(mask, item) for item in range(last)], axis=1)
            scores = np.where(valid, scores, -np.inf)
        with np.errstate(invalid="ignore"):
            found = np.einsum("bt,btf->bf", softmax(scores), memory)
        # Where there is nothing but padding to attend to, zero.
        return np.where(np.isfinite(scores).any(axis=1, keepdims=True), found, 0)

    def state(self, index: int, step: int) -> tuple[Array, ...]:
        """The state of a recurrence behind a step."""
        node = self.graph.nodes[index]
        scan = node.operation
        assert isinstance(scan, Scan) and node.layer is not None
        before = self.state(index, step - 1) if step else self._initial(node, scan)
        after = self._cell(node, self.at(scan.operand, step), before)
        valid = self.valid(node, step)[:, None]
        return tuple(np.where(valid, new, old) for new, old in zip(after, before, strict=True))

    def _initial(self, node: Node, scan: Scan) -> tuple[Array, ...]:
        parts = 2 if node.kind == "lstm" else 1
        match scan.initial:
            case PassedState(source):
                steps = self.graph.nodes[source].steps
                assert steps is not None
                return self.state(source, self.number(steps) - 1)
            case ValueState(value):
                return (self.vector(value),) * parts
        return (np.zeros((self.samples, self.number(node.features))),) * parts

    def _cell(self, node: Node, x: Array, state: tuple[Array, ...]) -> tuple[Array, ...]:
        kernel, bias = self.weight(node, "kernel"), self.weight(node, "bias")
        recurrent = self.weight(node, "recurrent_kernel")
        act = ACTIVATIONS[str(node.layer.arguments.get("activation") or "tanh")]  # type: ignore[union-attr]
        if node.kind == "rnn":
            return (act(x @ kernel + state[0] @ recurrent + bias),)
        if node.kind == "lstm":
            h, c = state
            i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=-1)
            c = sigmoid(f) * c + sigmoid(i) * act(g)
            return sigmoid(o) * act(c), c
        (h,) = state
        z, r, n = np.split(x @ kernel + bias[0], 3, axis=-1)
        zh, rh, nh = np.split(h @ recurrent + bias[1], 3, axis=-1)
        z = sigmoid(z + zh)
        return (z * h + (1 - z) * act(n + sigmoid(r + rh) * nh),)
