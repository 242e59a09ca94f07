"""model specification → cases: the calls to try, of several batch sizes and lengths, without and with padding."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING, Any

from seqdsl.ir.limits import is_within, shortened
from seqdsl.ir.operations import Attend
from seqdsl.ir.spreads import spreads
from seqdsl.size import Quotient, Size
from seqdsl.verify.jobs import Case
from seqdsl.verify.padded_inputs import is_padded_at_end, knows_padding, padded_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.verify.jobs import Dimensions

BATCHES = (1, 3, 7)
"""Batch sizes of the cases. None divides another, so that a swap with another axis shows."""

PADDED = (("end", 5), ("front", 7), ("between", 5))
"""Where padding is in the further cases of a model that has any, and their batch sizes."""

MOST_SPREAD = 2_000_000
"""How many numbers a case holds at most that is there for its number of samples, or of steps."""

MOST_LENGTHS = 16
"""How many lengths of samples are tried at most, in one batch."""

MOST_REST = 6
"""How many lengths are tried at most, so that a stride leaves every remainder."""


def cases(spec: ModelSpec) -> tuple[Case, ...]:
    """The calls to try: several batch sizes and, where they are free, lengths; with padding, if there is any."""
    whole = [_case(spec, batch, turn) for turn, batch in enumerate(BATCHES)]
    whole += [_case(spec, 2, turn) for turn in range(len(BATCHES), min(_cycle(spec), MOST_REST))]
    whole += [
        _case(spec, batch, 2 - turn % 2, padded=place)
        for turn, (place, batch) in enumerate(PADDED)
        if place in _places_padded(spec)
    ]
    whole += [_of_all_lengths(spec)] if spec.lengths else []
    whole += _spread(spec, whole)
    return tuple(whole)


def _of_all_lengths(spec: ModelSpec) -> Case:
    """A sample for each length that an input may have, from none of its steps to all, as far as these are not many."""
    env = {**spec.defaults, **_lengths(spec, 1)}
    told = {item.block for item in spec.lengths}
    steps = max(item.shape[0].value(env) for item in spec.inputs if item.block in told)
    return _case(spec, min(steps + 1, MOST_LENGTHS), 1, padded="end")


def _places_padded(spec: ModelSpec) -> frozenset[str]:
    """Where padding is tried; nowhere if no input has any."""
    padded = [item for item in spec.inputs if knows_padding(item, spec)]
    # Of sentences padded words are anywhere, whatever is said of padded sentences.
    inner = any(padded_places(item, spec) is not None for item in spec.inputs)
    if inner or not all(is_padded_at_end(item, spec) for item in padded):
        return frozenset(place for place, _ in PADDED)
    return frozenset(["end"]) if padded or spec.lengths else frozenset()


def _spread(spec: ModelSpec, others: Sequence[Case]) -> Iterator[Case]:
    """Where one feature is spread over several: as many samples, or steps of one sample, as there are features.

    Arrays that are not equally wide are added to the wrong axis where that is as long, and nowhere else::

        (3, 3) + (3, 1)          a number for each of three samples, taken for one for each of three features
        (1, 4, 4) + (1, 4, 1)    the same with four steps
    """
    tried = {(case.batch, case.lengths) for case in others}
    for batch, lengths in _as_wide(spec):
        if not is_within(spec, lengths):
            continue
        case = _case_of(spec, batch, lengths)
        if case.values <= MOST_SPREAD and (case.batch, case.lengths) not in tried:
            tried.add((case.batch, case.lengths))
            yield case


def _as_wide(spec: ModelSpec) -> Iterator[tuple[int, dict[str, int]]]:
    """As many samples as there are features where one is spread, and one sample of as many steps."""
    shortest = _lengths(spec, 0)
    for steps, features, _ in spreads(spec):
        width = features.value({**spec.defaults, **shortest})
        yield width, shortest
        for name in spec.free:
            least, step = spec.minimum[name], spec.multiple[name]
            # One sample as long as it is wide, where a picture may be so long: (1, 4, 4) + (1, 4, 1).
            if steps == Size.of(name) and width >= least and (width - least) % step == 0:
                yield 1, {**shortest, name: width}


def _cycle(spec: ModelSpec) -> int:
    """After how many lengths the remainders repeat with which strides leave a sequence of free length."""
    strides = (
        atom.by.constant or 1
        for block in spec.blocks
        for atoms, _ in (block.steps.terms if block.steps is not None else ())
        for atom in atoms
        if isinstance(atom, Quotient) and atom.of.names & set(spec.free)
    )
    return lcm(*strides)


def _case(spec: ModelSpec, batch: int, turn: int, *, padded: str = "") -> Case:
    return _case_of(spec, batch, _lengths(spec, turn), padded)


def _case_of(spec: ModelSpec, batch: int, lengths: Mapping[str, int], padded: str = "") -> Case:
    env = {**spec.defaults, **lengths}

    def shapes(ends: Sequence[Any]) -> tuple[Dimensions, ...]:
        return tuple((batch, *(size.value(env) for size in end.shape)) for end in ends)

    values = batch * _values(spec.blocks, env)
    inputs = shapes((*spec.inputs, *spec.lengths, *spec.taken))
    outputs = shapes((*spec.outputs, *spec.given))
    return Case(batch, inputs, outputs, tuple(lengths.items()), values, padded)


def _lengths(spec: ModelSpec, turn: int) -> dict[str, int]:
    # The shortest comes first: nothing is elided there. Different names get different lengths, so
    # that one cannot stand for the other, and none is a larger batch's size.
    # In the last turn the first name has the longest, so that none is always the shorter.
    shortest = max((spec.minimum[name] for name in spec.free), default=1)
    names = spec.free if turn < len(BATCHES) - 1 else spec.free[::-1]
    # Each turn leaves another remainder, where there is a stride.
    # From n = 3 on: 3, 7, 11 without a stride; 3, 8, 11 with a stride of 2, which leaves 1, 0 and 1.
    remainder = -3 * turn % _cycle(spec)
    lengths = {
        name: _length(spec, name, shortest + 4 * turn + 2 * place + remainder)
        for place, name in enumerate(names)
    }
    return shortened(spec, {name: lengths[name] for name in spec.free})


def _length(spec: ModelSpec, name: str, wanted: int) -> int:
    """The least value of a length from ``wanted`` on: its minimum and a multiple of its step."""
    # From 2 on in steps of 3, 6 or more: 8. `-(-a // b)` rounds up.
    least, step = spec.minimum[name], spec.multiple[name]
    return least + step * -(-(wanted - least) // step)


def _values(blocks: tuple[Block, ...], env: Mapping[str, int]) -> int:
    longest = max((_steps(block.steps, env) for block in blocks), default=1)
    return sum(_steps(block.steps, env) * _wide(block, env, longest) for block in blocks)


def _steps(steps: Size | None, env: Mapping[str, int]) -> int:
    return 1 if steps is None else steps.value(env)


def _wide(block: Block, env: Mapping[str, int], longest: int) -> int:
    inputs = block.layer.width.value(env) if block.layer else 0
    # Attention holds a score for each step of its memory, beside what it reads and gives.
    scores = longest if isinstance(block.operation, Attend) else 0
    return block.features.value(env) + inputs + scores
