"""Wirings in which earlier steps of later blocks are read are drawn with delayed nodes, or refused with a sentence."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from seqdsl.ir.direction import Direction
from seqdsl.layout.delayed_rows import with_delayed_rows
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.reading import delay_of
from seqdsl.layout.same_wirings import is_same
from seqdsl.layout.wiring import Begun, Block, Bus, Passed, Source, Steps, Wiring, Wirings

STEPS = 4


def _each(*parts: tuple[int, int] | None, steps: int = STEPS, skip: int = 0) -> Steps:
    """Steps that read ``(block, lag)`` side by side: ``None`` is not wired, nor is what is before the first step."""
    return Steps(
        tuple(
            tuple(
                None if part is None or step < part[1] else Source(part[0], step - part[1])
                for part in parts
            )
            if any(part is not None and step >= part[1] for part in parts)
            else ()
            for step in range(skip, steps)
        )
    )


def _drawn(wiring: Wiring) -> str:
    """The text of a wiring; that it is right is checked before it is returned."""
    return draw_wirings(Wirings("fed", (wiring,)))


def _rows(text: str) -> list[str]:
    """The nodes of each row of a text from the bottom, without wires and calls."""
    cells = (re.sub(r"  [a-z]{2,}.*", "", line) for line in text.splitlines() if " = " not in line)
    kept = ("".join(filter(str.isalpha, line)) for line in cells if not line.startswith("model"))
    return [line for line in kept if line][::-1]


def _delayed(text: str) -> int:
    """How many delayed nodes there are of `D`."""
    return "".join(_rows(text)).count("d")


def _jordan(lags: tuple[int, ...]) -> Wiring:
    """A layer that reads an input and its own output some steps before."""
    x = Block("x", "input(3)", STEPS)
    h = Block("dense_h", "dense(4, tanh)", STEPS, (_each((0, 0), *((2, lag) for lag in lags)),))
    y = Block("dense_y", "dense(2)", STEPS, (_each((1, 0)),))
    return Wiring((x, h, y), (0,), (2,))


def test_two_steps_before() -> None:
    """What was given two steps before comes of a row that keeps what was given one step before, where that is read."""
    text = _drawn(_jordan((1, 2)))
    assert "concat" in text
    assert {"yyyy", "jjjj"} <= set(_rows(text))
    # Else that row would be taken for a result.
    assert "concat" not in _drawn(_jordan((2,)))
    assert "concat" not in _drawn(_jordan((1,)))


def test_lags_are_told_apart() -> None:
    one, two = _jordan((1,)), _jordan((2,))
    assert is_same(one, replace(one))
    assert not is_same(one, two)


def test_start_is_drawn_in_place_of_the_first_delayed_node() -> None:
    s, y = Block("s", "input(2)", None), Block("dense_y", "dense(2)", STEPS, (_each((1, 0)),))
    fed = ((Source(0),), *((Source(2, step),) for step in range(STEPS - 1)))
    d = Block("gru_d", "gru(8)", STEPS, (Steps(fed),), Direction.FORWARD)
    text = _drawn(Wiring((s, d, y), (0,), (2,)))
    assert "S y y y" in text


def _decoder(initial: Passed | Begun | None, first: Source | None) -> Wiring:
    """A decoder that reads the state before, from a value on."""
    x = Block("x", "input(3)", STEPS)
    v = Block("v", "input(4)", None)
    begins = Begun((Source(1),))
    e = Block("gru_e", "gru(4)", STEPS, (_each((0, 0)),), Direction.FORWARD, begins)
    parts = (first, *(Source(4, step) for step in range(STEPS - 1)))
    asks = Block("dense_q", "dense(3, tanh)", STEPS, (Steps(tuple((part,) for part in parts)),))
    d = Block("gru_d", "gru(4)", STEPS, (_each((3, 0), (2, 0)),), Direction.FORWARD, initial)
    return Wiring((x, v, e, asks, d), (0, 1), (4,))


def test_initial_state_is_given_by_a_delayed_node() -> None:
    """Before the first step there is the state with which the row begins; anything else is wired."""
    for initial, first in ((Passed(2), Source(2, STEPS - 1)), (Begun((Source(1),)), Source(1))):
        assert _delayed(_drawn(_decoder(initial, first))) == STEPS
    assert _delayed(_drawn(_decoder(Passed(2), Source(1)))) == STEPS - 1


def test_what_is_read_a_step_later_only_is_drawn_before_its_reader() -> None:
    """Over `Y` it would be taken for a result."""
    y = Block("gru_y", "gru(4)", STEPS, (_each((1, 1)),), Direction.FORWARD)
    q = Block("dense_q", "dense(3, tanh)", STEPS - 1, (_each((0, 0), steps=STEPS - 1),))
    x = Block("x", "input(3)", STEPS)
    y = replace(y, operands=(_each((2, 0), (1, 1)),))
    text = _drawn(Wiring((y, q, x), (2,), (0,)))
    rows = _rows(text)
    assert rows.index("QQQ") < rows.index("YYYY")


def test_layer_that_is_applied_twice_is_fed_back_by_a_row_over_it() -> None:
    x = Block("x", "input(2)", STEPS)
    f = Block("dense_f", "dense(2, tanh)", STEPS, (_each((0, 0)),))
    h = Block("gru_h", "gru(2)", STEPS, (_each((1, 0), (3, 1)),), Direction.FORWARD)
    again = replace(f, operands=(_each((2, 0)),))
    assert "concat" in _drawn(Wiring((x, f, h, again), (0,), (3,)))


def test_state_from_call_to_call() -> None:
    """The step before the first one is what the call before left."""
    from seqdsl.ir.carry import Carry

    x = Block("x", "input(3)", STEPS)
    read = [(Source(2, step - 1), Source(0, step)) for step in range(STEPS)]
    h = Block(
        "rnn_h",
        "rnn(4)",
        STEPS,
        (Steps(tuple(read)),),
        Direction.FORWARD,
        carry=Carry.BOTH,
    )
    y = Block("dense_y", "dense(2)", STEPS, (_each((1, 0)),))
    kept = Wiring((x, h, y), (0,), (2,))
    assert "*-H" in _drawn(kept)
    read[0] = (None, Source(0, 0))
    fresh = replace(kept, blocks=(x, replace(h, operands=(Steps(tuple(read)),)), y))
    assert not is_same(kept, fresh)


@pytest.mark.parametrize(
    ("operand", "reason"),
    [
        (_each((2, 0)), "not alike for all|steps before"),
        (Bus(tuple(Source(2, step) for step in range(STEPS))), "not the steps before"),
        (Steps(tuple((Source(2, STEPS - 1),) for _ in range(STEPS))), "steps before|not alike"),
    ],
    ids=["the same step", "all steps", "a later step"],
)
def test_what_is_no_earlier_step_is_refused(operand: Steps | Bus, reason: str) -> None:
    call = "mean" if isinstance(operand, Bus) else "dense(2, tanh)"
    x = Block("x", "input(2)", STEPS)
    h = Block("dense_h", call, STEPS, (operand,))
    y = Block("dense_y", "dense(2, relu)", STEPS, (_each((1, 0)),))
    with pytest.raises(Unplaceable, match=reason):
        _drawn(Wiring((x, h, y), (0,), (2,)))


def test_without_a_loop_nothing_changes() -> None:
    wiring = _jordan(())
    assert with_delayed_rows(wiring) is wiring
    delayed = with_delayed_rows(_jordan((1,)))
    assert [block.layer for block in delayed.blocks if delay_of(block)] == ["~dense_y"]
