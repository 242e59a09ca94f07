r"""Repeats and strides across an ellipsis: how long rows get, and what they read, at every length.

Each picture stands beside the reading that a person gives it: the step of the row below that each step reads. It is
checked against the compiled views and against the interpreter's own count, neither of which knows the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate

import pytest

from seqdsl.api import Model, analyze
from seqdsl.lowering.operands import Operand, StridedAccess
from seqdsl.size import Size
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.oracle.expand import FINAL, expand
from tests.lowering.pictures import codes, compiled, seen, shapes

Reading = Callable[[int], list[list[int]]]
"""Of a length, the steps that each step of the upper row reads, counted from 0."""


def repeat(times: int) -> Reading:
    return lambda n: [[step // times] for step in range(times * n)]


def stride(every: int, start: int = 0) -> Reading:
    return lambda n: [[step] for step in range(start, n, every)]


def pairs(n: int) -> list[list[int]]:
    return [[step, step + 1] for step in range(0, n, 2)]


def pairs_twice(n: int) -> list[list[int]]:
    return [found for found in pairs(n) for _ in range(2)]


X = "X = input(2)"

# The picture, from the length of `X` to what each step of `Y` reads of it, and some lengths that it can have.
PICTURES: list[tuple[str, str, Reading, tuple[int, ...]]] = [
    ("twice", "Y Y  ...  Y Y\n| |       | |\n+-+       +-+\n|         |\nX   ...   X", repeat(2), (2, 3, 8)),
    ("twice, slanted", "Y Y  ...  Y Y\n|/        |/\nX   ...   X", repeat(2), (2, 3, 8)),
    (
        "three times",
        "Y Y Y ... Y Y Y\n| | |     | | |\n+-+-+     +-+-+\n|         |\nX   ...   X",
        repeat(3),
        (2, 5),
    ),
    ("twice, to the end", "Y Y Y Y   ...\n| | | |\n+-+ +-+\n|   |\nX   X   ...", repeat(2), (2, 5)),
    ("twice, from the start", "...  Y Y\n     |/\n...  X", repeat(2), (1, 4)),
    ("right to left", "Y<Y<...<Y<Y\n| |     | |\n+-+     +-+\n|       |\nX  ...  X", repeat(2), (2, 5)),
    ("every second", "Y     ... Y\n|         |\nX   X ... X   X", stride(2), (4, 5, 6, 7)),
    ("every third", "Y       ... Y\n|           |\nX   X X ... X   X X", stride(3), (6, 7, 8, 9)),
    ("every second, cut short", "Y     ... Y\n|         |\nX   X ... X", stride(2), (3, 4, 5)),
    ("every second from the third", "    Y     ... Y\n    |         |\nX X X   X ... X   X", stride(2, 2), (6, 7, 8)),
    ("every second to the end", "Y   Y   ...\n|   |\nX X X X ...", stride(2), (4, 5, 6)),
    ("every second to the end, beside it", "Y   Y   Y ...\n|   |   |\nX X X X X ...", stride(2), (5, 6, 7)),
    ("more on both sides", "Y   Y   ... Y   Y\n|   |       |   |\nX X X X ... X X X", stride(2), (7, 8, 9)),
    ("over two ellipses", "Y   ... Y   ... Y\n|       |       |\nX X ... X X ... X X", stride(2), (8, 9, 11)),
    ("pairs to the end", "Y   Y   ...\n|\\  |\\\nX X X X ...", pairs, (4, 6)),
    (
        "two to two",
        "Y Y ... Y Y\n| |     | |\n+-+     +-+\n| |     | |\nX X ... X X",
        pairs_twice,
        (4, 6, 10),
    ),
]  # fmt: skip

NAMES = [item[0] for item in PICTURES]
CASES = [(*item[1:3], n) for item in PICTURES for n in item[3]]
IDS = [f"{item[0]}, {n} steps" for item in PICTURES for n in item[3]]


def made(picture: str) -> Model:
    return compiled(picture, X, "Y = gru(3)")


def environment(model: Model, steps: int) -> dict[str, int]:
    """Values of the free lengths for which `X` has so many steps."""
    size, spec = model.spec.blocks[0].steps, model.spec
    assert size is not None
    for number in range(2 * steps + 2):
        # Of two stretches the first one elides nothing.
        values = dict(spec.minimum) | {spec.free[-1]: number}
        if size.value(values) == steps:
            return values
    raise AssertionError(f"{size} cannot be {steps}")


def read(model: Model, values: dict[str, int]) -> list[list[int]]:
    """What the compiled accesses say of each step."""
    lanes = [_lane(operand, values) for operand in model.drawing.operands[1]]
    return [sorted(step) for step in zip(*lanes, strict=True)]


def _lane(
    operand: Operand, values: dict[str, int], before: dict[int, int] | None = None
) -> list[int]:
    """The steps that one place reads, counted in the block, or from the first of several, as ``before`` tells."""
    found = []
    for access in operand.accesses:
        assert isinstance(access, StridedAccess)
        start = access.start.value(values) + (before[access.block] if before else 0)
        count = access.count.value(values)
        found += [start + access.stride * (step // access.each) for step in range(count)]
    return found


@pytest.mark.parametrize(("picture", "reading", "steps"), CASES, ids=IDS)
def test_compiled(picture: str, reading: Reading, steps: int) -> None:
    model = made(picture)
    values = environment(model, steps)
    assert read(model, values) == reading(steps)
    size = model.spec.blocks[1].steps
    assert size is not None
    assert size.value(values) == len(reading(steps))


@pytest.mark.parametrize(("picture", "reading", "steps"), CASES, ids=IDS)
def test_interpreted(picture: str, reading: Reading, steps: int) -> None:
    model = made(picture)
    drawn = expand(model.drawing, environment(model, steps))
    assert drawn.counts == (steps, len(reading(steps)))
    found = [
        sorted(one.step for place in step if place for one in place.sources)
        for step in drawn.operands[1]
    ]
    assert found == reading(steps)


@pytest.mark.parametrize(("picture", "reading"), [item[1:3] for item in PICTURES], ids=NAMES)
def test_interpreter_counts_for_itself(picture: str, reading: Reading) -> None:
    """A compiler that elides as many steps above as below does not take the interpreter with it."""
    model = made(picture)
    below = model.drawing.blocks[0]
    for stretch, other in zip(model.drawing.blocks[1].stretches, below.stretches, strict=True):
        elided = model.drawing.lengths.elided
        elided[model.drawing.blocks[1].row, stretch.mark] = elided[below.row, other.mark]
    steps = PICTURES[NAMES.index(next(item[0] for item in PICTURES if item[1] == picture))][3][-1]
    drawn = expand(model.drawing, environment(model, steps))
    assert drawn.counts[1] == len(reading(steps))


STRIDED_TWICE = """
    Z             ... Z
    |                 |
    Y     Y       ... Y       Y
    |     |           |       |
    X  X  X   X   ... X   X   X  X
"""
STRIDED_REPEAT = """
    Z    ... Z
    |        |
    Y Y  ... Y Y
    | |      | |
    +-+      +-+
    |        |
    X    ... X
"""
REPEATED_STRIDE = """
    Z Z  ... Z Z
    | |      | |
    +-+      +-+
    |        |
    Y    ... Y
    |        |
    X X  ... X X
"""
PAIRS_OF_STRIDE = """
    Z       ... Z
    |           |
    +---+       +---+
    |   |       |   |
    Y   Y   ... Y   Y
    |   |       |   |
    X X X X ... X X X X
"""

CHAINS = [
    ("stride of a stride", STRIDED_TWICE, lambda n: -(-n // 4)),
    ("a stride of a repeat", STRIDED_REPEAT, lambda n: n),
    ("a repeat of a stride", REPEATED_STRIDE, lambda n: 2 * -(-n // 2)),
]


@pytest.mark.parametrize(
    ("picture", "length"), [item[1:] for item in CHAINS], ids=[item[0] for item in CHAINS]
)
def test_chains(picture: str, length: Callable[[int], int]) -> None:
    model = compiled(picture, X, "Y = gru(3)", "Z = dense(2)")
    size = model.spec.outputs[0].n
    for steps in range(8, 17):
        values = environment(model, steps)
        assert size.value(values) == length(steps)
        assert expand(model.drawing, values).counts[-1] == length(steps)


# Chains of one letter; a gap between two of them lies within a group of nodes that all read one step.
BROKEN = [
    ("behind the ellipsis", "Y-Y-...-Y Y-Y\n| |     | | |\n+-+     +-+ |\n|       |   |\nX   ... X   X", 2),
    ("before it", "Y-Y Y-...-Y-Y\n| | |     | |\n| +-+     +-+\n| |       |\nX X   ... X", 2),
    ("on both sides", "Y Y-Y-...-Y-Y Y\n| | |     | | |\n+-+-+     +-+-+\n|         |\nX     ... X", 3),
    ("several chains", "Y Y Y-...-Y Y Y\n| | |     | | |\n+-+-+     +-+-+\n|         |\nX     ... X", 3),
    ("at the end", "Y-Y Y-Y-...\n| | | |\n+-+ +-+\n|   |\nX   X   ...", 2),
    ("within the last group", "Y-Y-Y Y-...\n| | | |\n+-+ +-+\n|   |\nX   X   ...", 2),
    ("within the one before it", "Y Y-Y-Y-...\n| | | |\n+-+ +-+\n|   |\nX   X   ...", 2),
    ("in front", "...-Y-Y-Y Y\n    | | | |\n    +-+ +-+\n    |   |\n... X   X", 2),
    ("one by one, from the side", "  Y-Y   Y-...\n  | |   |\n+-+ | +-+\n|   | |\nX   X X   ...", 1),
    ("right to left", "Y<Y<...<Y Y\n| |     | |\n+-+     +-+\n|       |\nX   ... X", 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("picture", "times"), [item[1:] for item in BROKEN], ids=[item[0] for item in BROKEN]
)
def test_groups_across_the_gaps_of_chains(picture: str, times: int) -> None:
    """All chains together read each elided step as often as the drawn ones, whatever a single one of them does."""
    model = compiled(picture, X, "Y = gru(3)")
    drawn = [block for block in model.drawing.blocks if block.letter == "Y"]
    (elided,) = {
        model.drawing.lengths.elided[block.row, item.mark]
        for block in drawn
        for item in block.stretches
    }
    below = model.drawing.blocks[0]
    assert elided == model.drawing.lengths.elided[0, below.stretches[0].mark] * times
    for more in range(3):
        values = {
            name: least + more * model.spec.multiple[name]
            for name, least in model.spec.minimum.items()
        }
        steps = expand(model.drawing, values)
        read = Counter(
            place.sources[0].step
            for index in range(1, len(steps.counts))
            for step in steps.operands[index]
            for place in step
            if place
        )
        first = below.stretches[0].after
        inner = range(first, first + elided.value(values) // times)
        assert all(read[step] == times for step in inner)


# A gap between two chains of the row below lies within a period beside an ellipsis: nodes count, chains do not.
CROSSED: list[tuple[str, str, Reading, tuple[int, ...]]] = [
    ("every second", "Y   ... Y\n|       |\nX X-...-X-X", stride(2), (4, 6, 10)),
    ("every third", "Y     ... Y\n|         |\nX-X X-...-X-X", stride(3), (5, 8, 11)),
    ("every third, one by one", "Y     ... Y\n|         |\nX X X-...-X-X", stride(3), (5, 8)),
    ("the last of each three", "    Y ...     Y\n    |         |\nX X-X-...-X-X X", stride(3, 2), (6, 9)),
    ("the second, a gap behind", "  Y ...   Y\n  |       |\nX-X-...-X X", stride(2, 1), (4, 6, 8)),
    ("the second, a gap before it", "  Y ...   Y\n  |       |\nX X-...-X-X", stride(2, 1), (4, 6, 8)),
    ("pairs, one gap", "Y   ... Y\n|\\      |\\\nX X-...-X-X", pairs, (4, 6, 10)),
    ("pairs, two gaps", "Y   ... Y\n|\\      |\\\nX X-...-X X", pairs, (4, 6, 10)),
    ("pairs by junctions", "Y    ...  Y\n|         |\n+-+       +-+\n| |       | |\nX X--...--X X", pairs, (4, 6)),
    ("pairs, more chains", "Y   ... Y   Y\n|\\      |\\  |\\\nX X-...-X X X X", pairs, (6, 8, 10)),
    (
        "two to two",
        "Y Y  ...  Y Y\n| |       | |\n+-+       +-+\n| |       | |\nX X--...--X X",
        pairs_twice,
        (4, 6, 10),
    ),
    ("right to left", "Y   ... Y\n|\\      |\\\nX X<...<X X", pairs, (4, 6)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("picture", "reading", "steps"),
    [(*item[1:3], n) for item in CROSSED for n in item[3]],
    ids=[f"{item[0]}, {n} steps" for item in CROSSED for n in item[3]],
)
def test_periods_across_the_gaps_of_chains(picture: str, reading: Reading, steps: int) -> None:
    """What each step reads of all chains together, by the compiled accesses and by the interpreter."""
    row = picture.rsplit("\n", 1)[1].translate(str.maketrans("-<", "  "))
    wires = row.replace("X", "|").replace(".", " ")
    text = "\n".join((picture, wires, row.replace("X", "W")))
    model = compiled(text, "W = input(2)", "X = gru(2)", "Y = rnn(3)")
    values = environment(model, steps)
    *chains, last = range(1, len(model.drawing.blocks))
    sizes = [model.drawing.lengths.steps[index].value(values) for index in chains]
    before = dict(zip(chains, accumulate(sizes, initial=0), strict=False))
    lanes = [_lane(operand, values, before) for operand in model.drawing.operands[last]]
    assert [sorted(step) for step in zip(*lanes, strict=True)] == reading(steps)
    drawn = expand(model.drawing, values)
    # Of a chain that is read at its end the interpreter may say that its final state is read.
    ends = {index: 0 if "<" in picture else drawn.counts[index] - 1 for index in chains}
    sources = [
        [one for place in step if place for one in place.sources] for step in drawn.operands[last]
    ]
    found = [
        [before[index] + (ends[index] if step == FINAL else step) for index, step in item]
        for item in sources
    ]
    assert [sorted(item) for item in found] == reading(steps)


def test_a_period_across_a_gap_is_of_one_letter() -> None:
    """A node of another letter between two chains is no step of theirs."""
    between = "Y     ... Y\n|         |\nX Z X-...-X-X"
    assert "SEQ310 1:7" in codes(between, "X = gru(2)", "Z = input(2)", "Y = gru(3)")


def test_groups_that_are_no_groups_across_a_gap() -> None:
    """Another letter behind the gap reads for itself: the two sides are read by different numbers of nodes."""
    picture = "Y-Y-...-Y Z-Z\n| |     | | |\n+-+     +-+ |\n|       |   |\nX   ... X   X"
    assert "SEQ310 1:5" in codes(picture, X, "Y = gru(3)", "Z = gru(3)")
    # A chain behind the gap that begins with the same step again does not make it two steps for each.
    again = compiled(
        "Y-...-Y Y-Y\n|     | | |\n|     +-+ |\n|     |   |\nX ... X   X", X, "Y = gru(3)"
    )
    y, x = again.spec.blocks[1].steps, again.spec.blocks[0].steps
    assert x is not None
    assert y == x - 1


def test_pairs_of_a_stride_have_to_come_out_even() -> None:
    model = compiled(PAIRS_OF_STRIDE, X, "Y = gru(3)", "Z = mean")
    (name,) = model.spec.free
    least, by = model.spec.minimum[name], model.spec.multiple[name]
    lengths = [least + by * number for number in range(4)]
    assert lengths == [8, 12, 16, 20]
    assert [model.spec.outputs[0].n.value({name: n}) for n in lengths] == [2, 3, 4, 5]


TWICE = "Y Y  ...  Y Y\n| |       | |\n+-+       +-+\n|         |\nX  ..n..  X"
SECOND = "Y     ...   Y\n|           |\nX   X ..n.. X   X"


def test_views_and_shapes() -> None:
    assert seen(compiled(TWICE, X), "Y") == "X**2"
    assert shapes(compiled(TWICE, X, "Y = gru(3)")) == "x(n, 2) -> y(2 * n, 3)"
    assert seen(compiled(SECOND, X), "Y") == "X[0:+(n + 1) // 2:2]"
    assert shapes(compiled(SECOND, X, "Y = gru(3)", "n = 9")) == "x(n, 2) -> y((n + 1) // 2, 3)"
    assert compiled(SECOND, X, "Y = gru(3)", "n = 9").n == (5,)
    assert seen(compiled("Y Y Y Y\n| | | |\n+-+ +-+\n|   |\nX   X", X), "Y") == "X**2"


def test_a_stride_behind_an_ellipsis_is_of_whole_periods() -> None:
    """Nothing drawn is its first step: what is elided in front is counted like the rest."""
    front = "... Y     Y     ... Y\n    |     |         |\n... X X X X X X ... X X X"
    model = compiled(front, X, "Y = gru(3)")
    (x, y) = (block.steps for block in model.spec.blocks)
    assert x == (y or Size.of(0)) * 3


def test_steps_one_by_one_in_front_of_a_stride_are_no_stride() -> None:
    """How many of the input's steps are read one by one, and how many with others between, nothing tells."""
    picture = "... Y     ... Y\n    |         |\n... X X X ... X X X"
    assert "SEQ311 1:5" in codes(picture, X, "Y = gru(3)")


# Every wire that a final state's bus leads to `Y` stands beside steps of `X`: the steps alone tell the period.
BESIDE_STATE = [
    (
        "a stride",
        "      Y     ... Y\n      |\\        |\\\n    +-|-+-------|-+\n    | |         |\n"
        "S-S-+ X   X ... X   X",
        stride(2),
        (4, 5, 6),
    ),
    (
        "a stride to the end",
        "      Y   Y   ...\n      |\\  |\\\n    +-|-+-|-+\n    | |   |\nS-S-+ X X X X ...",
        stride(2),
        (4, 5, 6),
    ),
    (
        "repeats",
        "      Y   Y   ...   Y   Y\n      |\\  |\\        |\\  |\\\n    +-|-+-|-+-------|-+-|-+\n"
        "    | |   |         |   |\n    | +---+         +---+\n    | |             |\nS-S-+ X       ...   X",
        repeat(2),
        (2, 3, 5),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("picture", "reading", "steps"),
    [(*item[1:3], n) for item in BESIDE_STATE for n in item[3]],
    ids=[f"{item[0]}, {n} steps" for item in BESIDE_STATE for n in item[3]],
)
def test_a_final_state_beside_steps_is_no_part_of_their_period(
    picture: str, reading: Reading, steps: int
) -> None:
    model = compiled(f"{picture}\n| |\nW W", "W = input(3)", "S = rnn(4)", X, "Y = gru(3)")
    *_, below, last = range(len(model.drawing.blocks))
    size = model.drawing.lengths.steps[below]
    (name,) = model.spec.free
    values = next({name: n} for n in range(99) if size.value({name: n}) == steps)
    state, own = sorted(model.drawing.operands[last], key=lambda operand: operand.wired[0].block)
    assert all(isinstance(access, StridedAccess) and access.final for access in state.accesses)
    assert [[step] for step in _lane(own, values)] == reading(steps)
    drawn = expand(model.drawing, values)
    assert drawn.counts[last] == sum(access.count.value(values) for access in state.wired)
    assert drawn.counts[last] == len(reading(steps))


def test_topology() -> None:
    """Two repeats of which every second is read are each read once: each output step belongs to its own."""
    aligned = compiled(STRIDED_REPEAT, X, "Y = gru(3)", "Z = dense(2)")
    assert aligned.topology == "many-to-many aligned"
    assert compiled(TWICE, X).topology == "graph"


def test_a_row_over_a_bus_is_as_long_as_the_row_that_it_reads() -> None:
    picture = """
        L    ...  L   L    ...  L     rnn(2)
        |         |   |         |
        +---------+---+---------+
        |
        M    ...  M   M    ...  M     concat
        |         |   |         |
        +-+       +-+ +-+       +-+
        | |       | | | |       | |
        R R  ...  R R R R  ...  R R   input(3)
    """
    model = compiled(picture)
    read, above = (model.spec.blocks[index].steps for index in (1, 2))
    assert read == above
    assert read == (model.spec.blocks[0].steps or Size.of(0)) * Fraction(1, 2)


ODD = "Y Y  ...  Y Y\n| |       | |\n+-+       +-+\n| |       | |\nX X ..n.. X X"
NAMED = "Y     ..m.. Y\n|           |\nX   X ..n.. X   X"

BROKEN = [
    ("two on one side, one on the other", "Y Y ... Y\n|/      |\nX   ... X", [], "SEQ310 1:5"),
    ("no pairs", "Y    ...  Y\n|\\        |\\\nX X ..n.. X X", ["n = 7"], "SEQ307 1:6"),
    ("two to two of an odd length", ODD, ["n = 5"], "SEQ307 1:6"),
    ("a name that a stride does not give", NAMED, ["n = 9", "m = 4"], "SEQ307 1:7"),
]


@pytest.mark.parametrize(
    ("picture", "definitions", "code"),
    [item[1:] for item in BROKEN],
    ids=[item[0] for item in BROKEN],
)
def test_broken(picture: str, definitions: list[str], code: str) -> None:
    found = [item for item in codes(picture, X, "Y = gru(3)", *definitions) if "SEQ4" not in item]
    assert found[0].startswith(code)


PAIRS = "Y    ...  Y\n|\\        |\\\nX X  ...  X X"
ABOVE = {
    "stride": "Y     ..m.. Y\n|           |\nX   X  ...  X   X",
    "stride of a named row": NAMED,
    "pairs": PAIRS.replace(" ...  Y", "..m.. Y"),
    "two rows above": "Z     ..m.. Z\n|           |\nY      ...  Y\n|           |\nX   X  ...  X   X",
}


@pytest.mark.parametrize("name", ABOVE)
def test_a_name_above_tells_to_name_the_row_below(name: str) -> None:
    text = "\n".join((ABOVE[name], "", X, "Y = gru(4)", "Z = gru(4)"[: 99 * ("Z" in ABOVE[name])]))
    found = [item for item in analyze(text, "a.seq").diagnostics if item.code == "SEQ307"]
    assert [item.hint for item in found] == [
        "it follows from the steps of `X`: write `...` here, and name the length in that row"
    ]
    given = "(n + 1) // 2" if "..n.." in ABOVE[name] else "derived from the steps of `X`"
    assert found[0].message.endswith(f", which is {given}")


def test_a_length_that_is_not_named_begins_with_what_is_drawn() -> None:
    spec = compiled(PAIRS, X, "Y = gru(4)").spec
    assert [end.shape[0].value(spec.minimum) for end in (*spec.inputs, *spec.outputs)] == [4, 2]
    # That is tried as well: nothing is elided then.
    lengths = [
        case.inputs[0][1] for case in job_for(compiled(PAIRS, X, "Y = gru(4)"), "torch").cases
    ]
    assert lengths[0] == 4 and len(set(lengths)) > 1 and all(item % 2 == 0 for item in lengths)
