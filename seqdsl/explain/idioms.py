"""specification → sentences: what the generated code does about a drawing, in each framework's own words.

A word of a framework is only named if who wrote its source noted it there: explanations cannot drift from the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.analysis.parameter_counts import has_weights
from seqdsl.explain.last_steps import read_at_last_only
from seqdsl.explain.reads import read_text
from seqdsl.explain.words import label, listed
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import walk
from seqdsl.ir.loops import find_circles
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Convolve,
    Placeholder,
    Reduce,
    Split,
    Use,
)
from seqdsl.layers import layer_def
from seqdsl.passes.shared_rnn_calls import batch_chains, batch_of
from seqdsl.passes.stacked_rnn import rows_of, stack_rows
from seqdsl.targets.notes import Idiom

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.targets.notes import Module, Subject

_NAMES = {"keras": "Keras", "torch": "PyTorch"}
"""The targets with words of their own for what they do; others are not mentioned."""


class Fact(NamedTuple):
    """A fact about a drawing that a framework may have words for.

    Attributes:
        text: what is drawn, a clause.
        idiom: how it would be noted by who writes it; ``None``: it says all by itself.
        subject: the expression or the number of the block that it is about; ``None``: the model.
    """

    text: str
    idiom: Idiom | None = None
    subject: Subject = None


def idioms(spec: ModelSpec, modules: Mapping[str, Module]) -> list[str]:
    """What the generated sources do about each idiom of a drawing.

    Args:
        spec: the model.
        modules: what was written for each target, with the notes of who wrote it.
    """
    by_text: dict[str, list[tuple[str, ...]]] = {}
    for fact in find_facts(spec):
        words = _words(fact, modules)
        alike = by_text.setdefault(fact.text, [])
        # What is said with more words already, or was with fewer, is not said twice.
        if not any(set(words) <= set(other) for other in alike):
            alike[:] = [*(other for other in alike if not set(other) < set(words)), words]
    return [_sentence(text, words) for text, alike in by_text.items() for words in alike]


def sentence_of(fact: Fact, modules: Mapping[str, Module]) -> str:
    """A fact, and the words of each framework that was noted to have written it."""
    return _sentence(fact.text, _words(fact, modules))


def _sentence(text: str, words: Sequence[str]) -> str:
    return f"{text}{': ' if words else ''}{', '.join(words)}."


def _words(fact: Fact, modules: Mapping[str, Module]) -> tuple[str, ...]:
    """What each framework calls what a fact is about: ``Keras `Flatten()` ``."""
    if fact.idiom is None:
        return ()
    words = (
        (name, modules[target].word(fact.idiom, fact.subject))
        for target, name in _NAMES.items()
        if target in modules
    )
    return tuple(f"{name} {word}" for name, word in words if word is not None)


def find_facts(spec: ModelSpec) -> Iterator[Fact]:
    """What there is to say of a model's code: of the model that is written, its chains in batches."""
    # The same pass as the targets run: a fact is about a node of the graph that they write, by its number.
    spec = batch_chains(spec)
    loops = {circle[0]: circle for circle in find_circles(spec)}
    together, ended = frozenset[int]().union(*loops.values()), read_at_last_only(spec)
    for index in spec.order:
        if index in loops:
            yield _loop([spec.blocks[member] for member in loops[index]], spec)
        yield from _of_block(spec.blocks[index], spec, together, ended)
    yield from _of_model(spec)
    yield from _stacks(spec)


def _loop(members: Sequence[Block], spec: ModelSpec) -> Fact:
    """The rows that run together; what they read of each other is read within their loop, one step at a time."""
    shown = listed([label(spec, block) for block in members])
    runs = "runs" if len(members) == 1 else "run together,"
    text = f"{shown[:1].upper()}{shown[1:]} {runs} one step at a time"
    return Fact(text, Idiom.LOOP, members[0].index)


def _of_block(
    block: Block, spec: ModelSpec, together: Collection[int], ended: Collection[int]
) -> Iterator[Fact]:
    if isinstance(block.operation, Placeholder):
        return
    #   Y Y      first what `Y` reads, from the outside in: "Only the last 2 of the 3 steps of `H` are read",
    #   | |      then what it is itself: "`Y` works on each step alone"
    # H-H-H
    # | | |
    # X X X
    for view in block.views:
        for item in walk(view):
            text = read_text(item, block, spec)
            # In a loop no sequence is put together, cut or repeated: a step reads steps.
            if text is not None and block.index not in together:
                yield Fact(text, Idiom.READ, item)
    if block.scan is not None:
        yield from _of_recurrent(block, spec, together, ended)
    elif _is_dense(block) and block.steps is not None:
        fact = f"{_of(block, spec)}is applied at each step separately (no `TimeDistributed` needed)"
        yield Fact(fact, Idiom.STEPWISE, block.index)
    elif isinstance(block.operation, Convolve):
        fact = f"Each step of {label(spec, block)} reads a window of neighboring steps"
        yield Fact(fact, Idiom.WINDOWS, block.index)
    elif isinstance(block.operation, Reduce):
        fact = f"{_of(block, spec)}combines all steps into one value"
        yield Fact(fact, Idiom.POOLED, block.index)
    elif isinstance(block.operation, Split) and block.steps is not None:
        fact = f"{_of(block, spec)}divides one vector into steps"
        yield Fact(fact, Idiom.SPLIT, block.index)
    elif isinstance(block.operation, Attend):
        fact = f"{_of(block, spec)}attends to all steps of its memory"
        yield Fact(fact, Idiom.ATTENTION, block.index)


def _of(block: Block, spec: ModelSpec) -> str:
    text = label(spec, block)
    return f"{text[:1].upper()}{text[1:]} "


def _of_recurrent(
    block: Block, spec: ModelSpec, together: Collection[int], ended: Collection[int]
) -> Iterator[Fact]:
    index, direction = block.index, block.direction
    shown, batch = _of(block, spec).rstrip(), batch_of(block)
    if batch:
        chains = "both" if batch.number == 2 else f"all {batch.number}"
        fact = f"{shown} are parts of one sequence, so {chains} chains run as one batch"
        yield Fact(fact, Idiom.BATCH, index)
    if block.index in together:
        # Its steps are collected by the loop, and its state is the loop's.
        pass
    elif Use.SEQUENCE in block.uses and block.steps is not None:
        yield _sequence(block, spec, ended)
    elif Use.FINAL in block.uses:
        yield _final(block, spec)
    # That of a loop's member is a value of the loop, not one that a layer's call gives.
    if Use.STATE in block.uses and block.index not in together:
        yield Fact(f"The final state of {label(spec, block)} is passed on", Idiom.STATE, index)
    runs, are = ("run", "are") if batch else ("runs", "is")
    if direction is Direction.BIDIRECTIONAL:
        yield Fact(f"{shown} {are} bidirectional", Idiom.BIDIRECTIONAL, index)
    elif direction is Direction.BACKWARD:
        yield Fact(f"{shown} {runs} from right to left", Idiom.BACKWARD, index)
    # In a loop a state is a variable, which is set before: no argument of a layer.
    if block.has_start and block.index not in together:
        yield Fact(f"{shown} starts from a given initial state", Idiom.START, index)


def _sequence(block: Block, spec: ModelSpec, ended: Collection[int]) -> Fact:
    """More than a row's last step is read, or its last step as one of a sequence."""
    name, batch = label(spec, block), batch_of(block)
    if not batch and block.index in ended:
        text = (
            f"The final output of {name} is used as a step of a sequence, so it returns all steps"
        )
        return Fact(text, Idiom.SEQUENCE, block.index)
    ends = f"final outputs of {name} are" if batch else f"final output of {name} is"
    text = f"More than the {ends} used, so {'each' if batch else 'it'} returns all steps"
    return Fact(text, Idiom.SEQUENCE, block.index)


def _final(block: Block, spec: ModelSpec) -> Fact:
    """Only a row's last step is read; the layer may have to return them all for another row of its letter."""
    assert block.layer is not None
    name, layer = label(spec, block), block.layer
    alike = [other for other in spec.blocks if other.layer and other.layer.name == layer.name]
    if any(Use.SEQUENCE in other.uses and other.steps is not None for other in alike):
        text = (
            f"Only the final output of {name} is used; its layer returns all steps for another use"
        )
    elif batch_of(block):
        text = f"Only the final outputs of {name} are used, so each returns one value"
    else:
        text = f"Only the final output of {name} is used, so it returns one value"
    return Fact(text, Idiom.FINAL, block.index)


def _stacks(spec: ModelSpec) -> Iterator[Fact]:
    """Rows that are one layer in PyTorch."""
    for block in stack_rows(spec).blocks:
        if rows := rows_of(block):
            named = listed([f"`{name}`" for name in rows])
            text = f"The equal rows {named} are stacked: each is read by the next one only"
            yield Fact(text, Idiom.ROWS, block.index)


def _is_dense(block: Block) -> bool:
    """Whether a block is an affine map of the features of each step."""
    definition = layer_def(block.kind)
    # Keras applies what reads height and width to each step by `TimeDistributed`.
    return isinstance(block.operation, Apply) and definition.is_affine and definition.grid is None


def _of_model(spec: ModelSpec) -> Iterator[Fact]:
    applied: dict[int, int] = {}
    for block in spec.blocks:
        if block.layer is not None and has_weights(block.layer):
            applied[id(block.layer)] = applied.get(id(block.layer), 0) + 1
    if any(count > 1 for count in applied.values()):
        yield Fact(
            "One letter is one layer: it is created once and called wherever the letter is drawn"
        )
    if any(block.masks for block in spec.blocks):
        yield Fact("Padded steps are skipped", Idiom.MASKED)
    if spec.free:
        yield Fact("The length is not fixed: it is taken from the data", Idiom.FREE)
