"""A length that is free is told at run time by other blocks: by a part of one, or by several together."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from seqdsl.ir.expressions import ConcatTime, Expression, Pad, RepeatSteps, Slice, Value, Zeros
from seqdsl.lowering.runtime_lengths import RuntimeLengths, Unmeasured
from seqdsl.size import Size

WIDTH = Size.of(2)
FREE = ("t", "u", "v")
K = Size.of("k")
"""A parameter: known before run time, but not while compiling."""

T, U, V = map(Size.of, FREE)


def like(count: Size, *steps: Size) -> Expression:
    """The sequence that tells a length, among blocks of the given lengths."""
    width = dict.fromkeys(range(len(steps)), WIDTH)
    return RuntimeLengths(steps, width, FREE).like(count)


def length(view: Expression, steps: list[int], names: dict[str, int]) -> int:
    """How many steps a view has, counted as the generated code cuts and pads; none may be negative."""
    if isinstance(view, Value):
        return steps[view.block]
    if isinstance(view, RepeatSteps):
        return length(view.of, steps, names) * view.times
    if isinstance(view, ConcatTime):
        return sum(length(part, steps, names) for part in view.parts)
    if isinstance(view, Zeros):
        assert view.free
        found = length(view.like, steps, names)
    elif isinstance(view, Pad):
        after = view.after.value(names)
        assert after >= 0
        found = length(view.of, steps, names) + after
        assert view.before == Size.of(0)
    else:
        assert isinstance(view, Slice)
        assert view.start == Size.of(0)
        inner = length(view.of, steps, names)
        assert inner == view.steps.value(names)
        found = len(range(0, inner, view.stride)[: view.count.value(names)])
    if isinstance(view, Slice | Zeros):
        assert found == view.count.value(names)
    return found


def check(count: Size, *steps: Size) -> None:
    """Whether what tells a length is as long at every length."""
    view = like(count, *steps)
    for t, u, v, k in product((3, 4, 9), (3, 8), (5, 6), (3, 7)):
        names = {"t": t, "u": u, "v": v, "k": k}
        wanted = count.value(names)
        assert length(view, [size.value(names) for size in steps], names) == wanted


@pytest.mark.parametrize(
    ("count", "steps"),
    [
        (T, (U, T)),
        (T - 2, (T,)),
        (T + 2, (T,)),
        # A parameter more, or less, and a number with it.
        (T + K, (T,)),
        (T + K - 3, (T,)),
        (T, (T + K,)),
        (T + 1, (T + K - 3,)),
        # Every k-th of so many steps, whatever rest there is, and each of them several times.
        *((T + more, (T * 3 + rest,)) for more in (0, 4) for rest in (0, 1, 2, 5)),
        (T + 4, (T * 2 + K,)),
        (T * 3 + 1, (T,)),
        (T * 3 + 1, (T * 2 + 3,)),
        # Several blocks together.
        (T + U, (T, U)),
        (T + U * 2 + V + 5, (T * 3 + 1, U, V - 1)),
        (T + U + V, (V, T + U)),
        (T + U * 2, (T + U, U)),
        (T * U + V, (V, T * U)),
    ],
    ids=str,
)
def test_what_tells_a_length(count: Size, steps: tuple[Size, ...]) -> None:
    check(count, *steps)


def test_one_block_is_enough() -> None:
    """No sequence is put together from several where one tells it all."""
    assert like(T + U, T, U, T + U) == Value(2)
    assert like(T + U + K, T, U, T + U) == Pad(Value(2), Size.of(0), K)
    assert like(T, T * 4, T * 2, T) == Value(2)
    # Of several that tell it, the one that is nearest in length.
    assert like(T + K, T * 4, T * 2) == Pad(Slice(Value(1), Size.of(0), T, 2, T * 2), Size.of(0), K)


@pytest.mark.parametrize("odd", [0, 1])
def test_halves_are_whole_numbers(odd: int) -> None:
    """Where ``t`` is odd, a half of it is whole only with the half step that the drawn nodes make up."""
    count = (T - odd) * Fraction(1, 2) + 2
    view = like(count, T)
    for t in range(4 + odd, 20, 2):
        assert length(view, [t], {"t": t}) == count.value({"t": t})


@pytest.mark.parametrize(
    ("count", "steps"),
    # No sequence is made by taking one away from another: the last one would be told by that.
    [(T, ()), (T, (U,)), (T, (T + U,)), (T + U, (T,)), (T, (T + U, U))],
    ids=str,
)
def test_nothing_tells_it(count: Size, steps: tuple[Size, ...]) -> None:
    with pytest.raises(Unmeasured):
        like(count, *steps)


@pytest.mark.parametrize("seed", range(40))
def test_any_parts_of_any_blocks(seed: int) -> None:
    rng = Random(seed)
    steps = [name * rng.randint(1, 4) + rng.randint(0, 5) for name in (T, U, V)]
    rng.shuffle(steps)
    count = sum((name * rng.randint(0, 4) for name in (T, U, V)), Size.of(rng.randint(0, 5)))
    if count.constant is None:
        check(count + K * rng.randint(0, 2), *steps)
