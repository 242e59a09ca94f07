"""What a model's process says of it comes back as it was, and what no reader says is refused, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from seqdsl.importers.reading import Difference, Reading, Unread
from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction
from seqdsl.layout.wiring import Begun, Block, Bus, Passed, Source, Steps, Wiring, Wirings
from seqdsl.porting.reading_json import from_json, to_json
from seqdsl.porting.untrusted import BadReading, call_text, sentence

X = Block("x", "input(3)", 2)
FORWARD = Block(
    "one", "lstm(4)", 2, (Steps(((Source(0, -1),), (Source(0, 1), None))),), carry=Carry.BOTH
)
BACKWARD = Block(
    "two",
    "gru(4)",
    2,
    (Steps(((Source(0),), ())),),
    Direction.BACKWARD,
    Begun((Source(1, final=True),)),
)
THIRD = Block("three", "lstm(4)", None, (Bus((Source(1), Source(1, 1))),), initial=Passed(1))
WIRING = Wiring((X, FORWARD, BACKWARD, THIRD), (0,), (2, 3), {"n": 2})
READING = Reading(
    Wirings(
        "model",
        (WIRING, WIRING),
        frozenset(["n"]),
        ("cell a(units):\n    h = x\n",),
        ("model line\n\nY   gru(2)\n|\nX   input(3)\n",),
    ),
    {"one": "rnn@1", "two": "#3 gru", "four.inner": "line.inner"},
    (Difference("one", "differs", numbers=True),),
    (),
    3,
    ("sbf",),
    {"one": (2, 0, 1)},
)
UNREAD = Reading(None, unread=(Unread("a.b", "Odd", "it is odd", "models.py:3", "leave it out"),))


@pytest.mark.parametrize("reading", [READING, UNREAD])
def test_there_and_back(reading: Reading) -> None:
    assert from_json(json.loads(json.dumps(to_json(reading)))) == reading


def _first(data: Any, **values: Any) -> None:
    data["wirings"]["at"][0]["blocks"][1].update(values)


SPOILED: dict[str, Callable[[Any], Any]] = {
    "a list": lambda data: [],
    "half read": lambda data: data.update(wirings=None),
    "a name that ends a line": lambda data: data["wirings"].update(name="a\nmodel b"),
    "a layer with a space": lambda data: _first(data, layer="a b"),
    "a call and a row": lambda data: _first(data, call="lstm(4)\nY = dense(2)"),
    "a call and a comment": lambda data: _first(data, call="lstm(4) # seqdsl: ignore SEQ402"),
    "a state from nowhere": lambda data: _first(data, carry="often"),
    "a layer in no layer": lambda data: data["places"].update({"one.": "x"}),
    "no call": lambda data: _first(data, call="lstm(4"),
    "a call of Python": lambda data: _first(data, call="LSTM(4)"),
    "a block that is not there": lambda data: data["wirings"]["at"][0].update(outputs=[4]),
    "a step before the last call": lambda data: _first(data, operands=[{"bus": [[0, -2, 0]]}]),
    "a single value that is zero": lambda data: _first(data, operands=[{"bus": [None]}]),
    "true for a number": lambda data: _first(data, steps=True),
    "too many steps": lambda data: _first(data, steps=10**9),
    "too many wires": lambda data: _first(data, operands=[{"bus": [[0, 0, 0]] * 2_000_001}]),
    "a direction": lambda data: _first(data, direction="up"),
    "other blocks": lambda data: data["wirings"]["at"][1]["blocks"].pop(),
    "no wirings": lambda data: data["wirings"].update(at=[]),
    "a long place": lambda data: data["places"].update(one="a" * 10_000),
    "a column twice": lambda data: data["columns"].update(one=[0, 0, 1]),
    "columns that are not there": lambda data: data["columns"].update(one=[1, 2, 3]),
    "columns that are true": lambda data: data["columns"].update(one=[False, True]),
    "an axis": lambda data: data.update(axes=["../"]),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_refused(name: str) -> None:
    data: Any = json.loads(json.dumps(to_json(READING)))
    spoiled = SPOILED[name](data)
    with pytest.raises(BadReading):
        from_json(data if spoiled is None or name != "a list" else spoiled)


def test_words_cannot_move_the_cursor() -> None:
    assert sentence("a\x1b[2J\nb\u202ec") == "a [2J b c"
    assert len(sentence("a" * 10_000)) < 5_000


def test_calls_are_whole() -> None:
    assert call_text("attention(E, heads=2)") == "attention(E, heads=2)"
