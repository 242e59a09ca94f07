"""Every well-drawn picture compiles, can be explained and drawn, and the pictures are drawn from the whole language."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from typing import get_args
from xml.etree import ElementTree

import pytest

from seqdsl.api import Model, analyze
from seqdsl.explain.model import explain
from seqdsl.ir import expressions
from seqdsl.ir.direction import Direction
from seqdsl.ir.operations import StateMode
from seqdsl.layers import all_layers
from seqdsl.targets import TARGETS, write
from tests.random_pictures import random_calls, random_picture
from tests.random_pictures.pooled import random_pooled
from tests.random_pictures.wired_calls import random_wired_calls

PICTURES = 2_000
CHUNKS = 20
RARE = 3
"""How often the rarest thing of the language is drawn at least."""

TOPOLOGIES = (
    "one-to-one", "one-to-many", "many-to-one", "many-to-many aligned", "many-to-many last N",
    "many-to-many padded", "encoder-decoder", "graph",
)  # fmt: skip
QUALIFIERS = (
    "stacked", "bidirectional", "residual", "shared weights", "convolutional", "attention", "state handoff",
    "masked", "variable length", "feedback",
)  # fmt: skip


def compiled(seed: int, draw: Callable[[int], str] = random_picture) -> Model:
    """The model of a random picture, which has no errors; of several the one that no other calls."""
    text = draw(seed)
    analysis = analyze(text)
    errors = [item for item in analysis.diagnostics if item.is_error]
    assert not errors, f"seed {seed}\n\n{text}\n{errors}"
    return analysis.models[-1]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_compile(chunk: int, request: pytest.FixtureRequest) -> None:
    size = request.config.getoption("--random-pictures") // CHUNKS
    first = request.config.getoption("--first-seed") + chunk * size
    for seed in range(first, first + size):
        try_all(seed, random_picture)
    # Of pictures that call each other one for ten: each is several.
    for seed in range(first, first + size // 10):
        try_all(seed, random_calls)


def try_all(seed: int, draw: Callable[[int], str]) -> None:
    """Compile, write, explain and draw a random picture."""
    try:
        model = compiled(seed, draw)
        modules = {target: write(model.spec, target) for target in TARGETS}
        for module in modules.values():
            ast.parse(module.source)
        assert explain(model.spec, modules)
        ElementTree.fromstring(model.draw("svg"))
    except Exception as error:
        # An exception in the compiler is as much of a failure, and nobody knows the picture by its seed.
        pytest.fail(f"seed {seed}: {error!r}\n\n{draw(seed)}")


def test_seeds_are_pictures() -> None:
    """The same seed is the same picture, another one is another."""
    assert random_picture(7) == random_picture(7)
    assert len({random_picture(seed) for seed in range(100)}) > 90
    assert random_calls(7) == random_calls(7)


def _facts(model: Model) -> Iterator[str]:
    spec, drawing = model.spec, model.drawing
    yield model.topology
    yield from (word for word in QUALIFIERS if any(q.startswith(word) for q in model.qualifiers))
    for settings in drawing.settings:
        yield settings.kind
        yield from (f"{settings.kind}({name}=)" for name in settings.arguments)
    for block, direction in zip(drawing.blocks, drawing.states.directions, strict=True):
        if block.touched:
            yield f"direction {direction.value}"
    yield from (f"hand {'=' if hand.is_double else '-'}" for hand in drawing.states.handoffs)
    for terminals in drawing.states.terminals.values():
        yield from ("leaves" if terminal.leaves else "enters" for terminal in terminals)
    for relation in drawing.lengths.relations.values():
        if relation.up > 1:
            yield f"repeat across an ellipsis, by {relation.up}"
        if relation.stride is not None:
            yield f"stride across an ellipsis, by {relation.stride.every}"
    for block in spec.blocks:
        yield from (type(item).__name__ for view in block.views for item in expressions.walk(view))
        if block.initial is not None:
            yield f"initial state {block.initial.mode.value}"
    if any(q.startswith("variable") for q in model.qualifiers):
        yield f"free {sum(not name.startswith('_') for name in spec.free)}"
    yield from (f"cell {cell}" for row in drawing.grid for cell in row.cells)


EVERYTHING = [
    *TOPOLOGIES,
    *QUALIFIERS,
    *all_layers(),
    *(
        f"{name}({argument.name}=)"
        for name, item in all_layers().items()
        for argument in item.signature.arguments
    ),
    *(view.__name__ for view in get_args(expressions.Expression)),
    *(f"direction {direction.value}" for direction in Direction),
    *("hand -", "hand =", "leaves", "enters"),
    *(f"initial state {mode.value}" for mode in StateMode),
    *("free 0", "free 1", "free 2"),
    *(
        f"{how} across an ellipsis, by {number}"
        for how in ("repeat", "stride")
        for number in (2, 3)
    ),
    *(f"cell {cell}" for cell in "O|/\\^+-<>=.*"),
]


# Drawn, but so seldom that 2,000 pictures hardly have three.
APART = {"tokens(feedback=)", "attention(keys=)", "attention(values=)", "DynamicSlice"}


# Drawn by generators of their own alone: loops that take state or are padded, buses beside wires, calls of wires.
POOLED = {"Pool", "Share"}
ELSEWHERE = {"CarriedState", "LastValid", "ConcatPlaces"} | POOLED


def test_whole_language() -> None:
    """What the pictures are made of: nothing of the language is missing."""
    found: Counter[str] = Counter()
    for seed in range(PICTURES):
        found.update(set(_facts(compiled(seed))))
    assert {what for what in EVERYTHING if found[what] < RARE} <= APART | ELSEWHERE


@pytest.mark.parametrize(
    ("draw", "own"), [(random_pooled, POOLED), (random_wired_calls, {"ConcatPlaces"})]
)
def test_what_has_pictures_of_its_own(draw: Callable[[int], str], own: set[str]) -> None:
    """They compile, can be explained and drawn, and have what no other random picture has."""
    found: Counter[str] = Counter()
    for seed in range(PICTURES // 50):
        try_all(seed, draw)
        found.update(set(_facts(compiled(seed, draw))))
    assert min(found[what] for what in own) >= RARE


WAYS = (
    "at every node", "over a whole row", "to what enters a node", "within another", "with values",
    "token ids", "free length",
)  # fmt: skip


def _ways(model: Model) -> Iterator[str]:
    """In which ways a picture calls others."""
    drawing = model.drawing
    for index, called in drawing.called.items():
        source = called.given.blocks[called.given.inputs[0].block]
        if source.steps is None:
            yield "at every node"
        else:
            is_node = drawing.blocks[index].is_vector
            yield "to what enters a node" if is_node else "over a whole row"
        if called.drawing.called:
            yield "within another"
        if called.spec is not called.given:
            yield "with values"
        if called.given.inputs[0].vocabulary is not None:
            yield "token ids"
        if called.given.free:
            yield "free length"


def test_every_way_of_a_call() -> None:
    found: Counter[str] = Counter()
    for seed in range(PICTURES // 10):
        found.update(set(_ways(compiled(seed, random_calls))))
    assert {what for what in WAYS if found[what] < RARE} == set()
