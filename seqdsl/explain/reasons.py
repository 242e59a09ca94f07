"""specification → sentences: why a model has its topology, its N and its qualifiers."""

from __future__ import annotations

from collections import Counter
from math import gcd
from typing import TYPE_CHECKING

from seqdsl.explain.words import label, length, listed, steps
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import FinalState, Flatten, Step, walk
from seqdsl.ir.loops import find_circles
from seqdsl.ir.operations import Attend, PassedState, Placeholder
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.model.topology import Topology

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Input, Output
    from seqdsl.model.spec import Block, ModelSpec, Pair


_MOST = 20
"""So many pairs of an input and an output have a sentence each."""


def reasons(spec: ModelSpec) -> list[str]:
    """Why the model's pairs of an input and an output have their topologies; then its qualifiers."""
    inputs = {item.name: item for item in spec.inputs}
    outputs = {item.name: item for item in spec.outputs}
    shown = spec.pairs[:_MOST]
    sentences = [_pair(pair, inputs[pair.input], outputs[pair.output], spec) for pair in shown]
    if len(spec.pairs) > _MOST:
        sentences.append(f"{len(spec.pairs) - _MOST} more pairs are not shown.")
    if len({pair.topology for pair in spec.pairs}) > 1:
        sentences.append(_whole(spec))
    return [*sentences, *(_qualifier(name, spec) for name in spec.qualifiers)]


def _whole(spec: ModelSpec) -> str:
    if spec.topology is Topology.ENCODER_DECODER:
        return "The model as a whole is called encoder-decoder, because one of its pairs is."
    if spec.topology is Topology.GRAPH:
        return "Its pairs differ, so the model as a whole is called a graph."
    return (
        "A vector input beside a sequence does not change the topology: "
        f"the model as a whole is {spec.topology}."
    )


def _pair(pair: Pair, given: Input, result: Output, spec: ModelSpec) -> str:
    named = "a graph" if pair.topology is Topology.GRAPH else pair.topology
    head = f"`{pair.input}` to `{pair.output}` is {named}"
    before, after = spec.blocks[given.block].steps, spec.blocks[result.block].steps
    holds = "is a vector" if before is None else f"has {steps(spec, before)}"
    gives = (
        "one vector (N = 1)"
        if after is None
        else f"{steps(spec, after)} (N = {length(spec, after)})"
    )
    return f"{head}: {_why(pair.topology, holds, gives, given, result, spec)}."


def _why(
    topology: Topology, holds: str, gives: str, given: Input, result: Output, spec: ModelSpec
) -> str:
    if topology in (Topology.ONE_TO_ONE, Topology.ONE_TO_MANY, Topology.MANY_TO_ONE):
        return f"the input {holds}, the output {gives}"
    if topology is Topology.ALIGNED:
        return f"the input {holds}, the output {gives}, and each output step is connected to its own input step"
    if topology is Topology.LAST_N:
        return f"the output has {gives}, aligned with the last steps of the input, which {holds}"
    if topology is Topology.PADDED:
        # X X X y y: what is fed back goes on where the input ends.
        reads = "what is fed back" if find_circles(spec) else "zeros"
        return (
            f"the input {holds}; a recurrent row continues after the last of them with {reads} as its input, "
            f"and the output, {gives}, extends into those steps"
        )
    if topology is Topology.ENCODER_DECODER:
        through = listed(_bottlenecks(given.block, result.block, spec), "or")
        return f"the input {holds}, the output {gives}, and every path between them goes through {through}"
    return f"the input {holds}, the output {gives}; the connected steps match none of the named topologies"


def _bottlenecks(start: int, end: int, spec: ModelSpec) -> list[str]:
    """What lies between an encoder and a decoder: passed states, memories, single values."""
    import networkx as nx

    # Between are the blocks that can be reached from the input and that reach the output, both ends included.
    between = (nx.descendants(spec.graph, start) | {start}) & (
        nx.ancestors(spec.graph, end) | {end}
    )
    bottlenecks: dict[str, None] = {}
    for index in spec.order:
        block = spec.blocks[index]
        if index not in between:
            continue
        for text in _narrow(block, between, spec):
            bottlenecks[text] = None
    return list(bottlenecks) or ["one value"]


def _narrow(block: Block, between: set[int], spec: ModelSpec) -> list[str]:
    #         Y Y
    #         | |      "the state that `E` hands to `D`": all that reaches `D` of the steps of `X`
    # E-E-E---D-D
    # | | |
    # X X X
    texts = []
    if isinstance(block.initial, PassedState) and block.initial.source in between:
        source = spec.blocks[block.initial.source]
        texts.append(f"the state that {label(spec, source)} passes to {label(spec, block)}")
    if isinstance(block.operation, Attend):
        texts.append(f"the memory that {label(spec, block)} attends to")
    elif block.steps is None and not isinstance(block.operation, Placeholder):
        texts.append(f"the vector {label(spec, block)}")
    for view in block.views if block.steps is not None else ():
        for item in walk(view):
            if isinstance(item, FinalState) and item.block in between:
                texts.append(f"the final state of {label(spec, spec.blocks[item.block])}")
            elif isinstance(item, Step | Flatten):
                texts.append(f"the single value that {label(spec, block)} reads")
    return texts


def _qualifier(name: str, spec: ModelSpec) -> str:
    letters = _layers([block for block in spec.blocks if block.scan is not None], spec)
    two = _layers(
        [block for block in spec.blocks if block.direction is Direction.BIDIRECTIONAL], spec
    )
    text = {
        f"stacked {spec.depth}": f"{spec.depth} stacked recurrent layers: {listed(letters)}",
        "bidirectional": f"`=` connects the steps of {listed(two)}: the state runs in both directions",
        "residual": "an `add` combines a value with another one that is computed from it",
        "shared weights": "a letter is drawn over different inputs, or in different rows, and uses the same "
        "weights",
        "convolutional": "the steps of a row read windows of neighboring steps",
        "attention": "a row attends to all steps of its memory",
        "state handoff": "a row starts from the final state of another",
        "feedback": _feedback(spec),
        "stateful": "state passes from one call of the model to the next",
        "masked": "an input or an embedding marks padded steps",
        "variable length": f"{_free(spec)}: {_lengths(spec)}",
    }[name]
    return f"{name[:1].upper()}{name[1:]}: {text}."


def _feedback(spec: ModelSpec) -> str:
    """What goes back: outputs into inputs when the model generates, delayed nodes in any case."""
    fed = [item for item in spec.inputs if item.feedback is not None]
    parts = [
        f"`{item.name}` is given while the model is trained, and is what "
        f"{label(spec, spec.blocks[item.feedback.block])} gave one step earlier when it generates"
        for item in fed
        if item.feedback is not None
    ]
    if find_circles(spec) or not fed:
        parts.append(
            "a lower-case letter gives what its letter gave one step earlier, and the rows of its loop run step by "
            "step"
        )
    return "; ".join(parts)


def _layers(blocks: Sequence[Block], spec: ModelSpec) -> list[str]:
    """The words for the layers of blocks: a letter that is drawn in several places is one layer."""
    #   S---S      `H` and `S` are two layers, and not three
    #   |   |
    # H-H   H-H
    drawn = Counter(block.letter for block in blocks)
    shared = {letter for letter, count in drawn.items() if count > 1 and letter != ANONYMOUS}
    words = (
        f"`{block.letter}`" if block.letter in shared else label(spec, block) for block in blocks
    )
    return list(dict.fromkeys(words))


def _lengths(spec: ModelSpec) -> str:
    """Which lengths the inputs may have: any, or those that rows above divide."""
    texts = []
    for end in spec.inputs:
        if not end.shape:
            # One token has no length.
            continue
        #   P   ...   P      each node of `P` reads two steps: 4 steps at least, and 2 more for each further node. What
        #  / \       / \     one more of each free length adds has a greatest common divisor: 4, 6, 8, and so on.
        # X   X ... X   X
        size = end.shape[0]
        least = size.value(spec.defaults | spec.minimum) if size.names & set(spec.free) else 0
        longer = [
            size.value(spec.defaults | spec.minimum | {name: spec.minimum[name] + step})
            for name, step in spec.multiple.items()
            if name in size.names and name in spec.free
        ]
        every = gcd(*(value - least for value in longer))
        if every > 1:
            shown = ", ".join(str(least + every * k) for k in range(3))
            texts.append(f"`{end.name}` must have {shown}, ... steps")
    if not texts:
        return "the model accepts any length"
    return f"{listed(texts)}, because rows above divide them"


def _free(spec: ModelSpec) -> str:
    named = [f"`{name}`" for name in spec.free if not name.startswith("_")]
    unnamed = "an ellipsis has no name" if len(named) < len(spec.free) else ""
    unset = f"{listed(named)} {'is' if len(named) == 1 else 'are'} not set" if named else ""
    return listed([part for part in (unset, unnamed) if part])
