"""Layer calls: what they take, what they set, and what is refused."""

from __future__ import annotations

import pytest

from seqdsl.layers import all_layers
from seqdsl.lowering.call_values import LARGEST_SIZE
from seqdsl.lowering.calls import read_call
from seqdsl.size import Size
from seqdsl.syntax.ast import Call, Row
from seqdsl.syntax.lines import parse_lines

VALUES = {"units": 32, "rate": 0.25, "n": 3}


def call(text: str) -> Call:
    (row,), found = parse_lines(f"O {text}")
    assert not found and isinstance(row, Row) and row.call is not None
    return row.call


CALLS = [
    ("lstm(16)", {"units": Size.of(16)}),
    ("lstm(units)", {"units": Size.of("units")}),
    ("lstm(units=16)", {"units": Size.of(16)}),
    ("lstm(16, dropout=0.2, bias=false)", {"units": Size.of(16), "dropout": 0.2, "bias": False}),
    ("lstm(16, dropout=rate)", {"units": Size.of(16), "dropout": "rate"}),
    ("dense(10, softmax)", {"units": Size.of(10), "activation": "softmax"}),
    ("dense(activation=softmax, units=10)", {"units": Size.of(10), "activation": "softmax"}),
    ("conv(32, n, relu)", {"filters": Size.of(32), "kernel": Size.of("n"), "activation": "relu"}),
    ("lstm(2 * units)", {"units": Size.of("units") * 2}),
    ("lstm(units=units+1)", {"units": Size.of("units") + 1}),
    ("lstm((units - n) // (n - 1))", {"units": (Size.of("units") - "n") // (Size.of("n") - 1)}),
    ("lstm(4 * 4 - 3 - 2)", {"units": Size.of(11)}),
    ("lstm(units - 1-1)", {"units": Size.of("units") - 2}),
    ("attention(heads=units // 8)", {"heads": Size.of("units") // 8}),
    (
        "conv(n * n, 2*n-1, dilation=n)",
        {
            "filters": Size.of("n") * Size.of("n"),
            "kernel": Size.of("n") * 2 - 1,
            "dilation": Size.of("n"),
        },
    ),
    ("attention", {}),
    ("attention()", {}),
    ("attention(heads=4, causal=true)", {"heads": Size.of(4), "causal": True}),
    ("dropout(0)", {"rate": 0.0}),
    ("layernorm(epsilon=1e-3)", {"epsilon": 0.001}),
    ("batchnorm(epsilon=rate, momentum=0)", {"epsilon": "rate", "momentum": 0.0}),
    ("batchnorm(momentum=rate)", {"momentum": "rate"}),
    ("input(8, mask=0)", {"features": Size.of(8), "mask": 0.0}),
    ("input(8, mask=-1)", {"features": Size.of(8), "mask": -1.0}),
    ("tokens(8, mask=3)", {"vocabulary": Size.of(8), "mask": 3}),
    ("output", {}),
]


@pytest.mark.parametrize(("text", "arguments"), CALLS)
def test_calls(text: str, arguments: dict[str, object]) -> None:
    settings, found = read_call(call(text), VALUES)
    assert not found and settings is not None
    assert settings.kind == text.partition("(")[0]
    assert settings.arguments == arguments


def test_a_name() -> None:
    settings, _ = read_call(call("lstm(3, name=encoder)"), VALUES)
    assert settings is not None and settings.name == "encoder"
    assert "name" not in settings.arguments


REFUSED = [
    ("lstn(3)", "SEQ301", "did you mean `lstm`?"),
    ("conv1d(3)", "SEQ301", "write `conv(3, 3)`"),
    ("zzz", "SEQ301", "the layers are"),
    ("lstm", "SEQ303", "lstm(16)"),
    ("lstm()", "SEQ303", "lstm(16)"),
    ("conv(3)", "SEQ303", "conv("),
    ("lstm(3, 4)", "SEQ302", "it takes"),
    ("output(3)", "SEQ302", "it takes"),
    ("lstm(3, unit=4)", "SEQ302", "did you mean `units=`?"),
    ("lstm(3, units=4)", "SEQ302", "once"),
    ("lstm(3, return_sequences=true)", "SEQ302", ""),
    ("lstm(unit)", "SEQ312", "did you mean `units`?"),
    ("lstm(width)", "SEQ312", "width = 32"),
    ("lstm(0)", "SEQ304", "at least 1"),
    ("gru(4, projection=3)", "SEQ302", "only an `lstm` has a projection"),
    ("lstm(4, projection=0)", "SEQ304", "at least 1"),
    ("lstm(-1)", "SEQ304", "at least 1"),
    ("lstm(1.5)", "SEQ304", "whole number"),
    ("lstm(rate)", "SEQ304", "whole number"),
    (f"lstm({LARGEST_SIZE + 1})", "SEQ109", ""),
    ("lstm(123456789012345678901)", "SEQ304", ""),
    ("lstm(units - 32)", "SEQ304", "at least 1; it is 0"),
    ("lstm(n - units)", "SEQ304", "at least 1; it is -29"),
    ("lstm(units // (n - 3))", "SEQ304", "`n - 3` is 0"),
    ("lstm(1 // 0)", "SEQ304", "`0` is 0"),
    ("lstm(units / 2)", "SEQ304", "`units // 2`"),
    ("lstm(1.5 * units)", "SEQ304", "whole number"),
    ("lstm(units * rate)", "SEQ304", "whole number"),
    ("lstm(2 * unit)", "SEQ312", "did you mean `units`?"),
    ("lstm(2000000000 * units)", "SEQ109", ""),
    ("dropout(1 - rate)", "SEQ304", "arithmetic is for sizes"),
    ("input(3, mask=1 - 1)", "SEQ304", "arithmetic is for sizes"),
    ("dense(3, relu + 1)", "SEQ304", "`relu`"),
    ("dense(3, bias=1 + 1)", "SEQ304", "`true`"),
    ("lstm(3, name=a + b)", "SEQ304", "lower-case word"),
    ("layernorm(epsilon=0)", "SEQ304", "above 0"),
    ("layernorm(epsilon=-1e-3)", "SEQ304", "above 0"),
    ("layernorm(epsilon=2)", "SEQ304", "above 0"),
    ("layernorm(epsilon=1e-3 * rate)", "SEQ304", "arithmetic is for sizes"),
    ("layernorm(epsilon=tiny)", "SEQ312", ""),
    ("layernorm(momentum=0.9)", "SEQ302", ""),
    ("layernorm(0.1)", "SEQ302", ""),
    ("batchnorm(momentum=1)", "SEQ304", "less than 1"),
    ("batchnorm(momentum=-0.1)", "SEQ304", "at least 0"),
    ("dropout(1)", "SEQ304", "less than 1"),
    ("dropout(-0.1)", "SEQ304", "at least 0"),
    ("dense(3, softmaxx)", "SEQ304", "did you mean `softmax`?"),
    ("dense(3, 4)", "SEQ304", ""),
    ("dense(3, bias=1)", "SEQ304", "`true`"),
    ("conv(3, 3, padding=valid)", "SEQ304", "`same`"),
    ("input(3, mask=0.1)", "SEQ304", "exactly"),
    ("input(3, mask=1e39)", "SEQ304", "exactly"),
    ("tokens(9, mask=1.5)", "SEQ304", "an id"),
    ("tokens(9, mask=-1)", "SEQ304", "an id"),
    ("lstm(3, name=class)", "SEQ108", ""),
    ("lstm(3, name=a__b)", "SEQ108", ""),
    ("lstm(3, name=4)", "SEQ304", "lower-case word"),
]


@pytest.mark.parametrize(("text", "code", "hint"), REFUSED)
def test_refused(text: str, code: str, hint: str) -> None:
    settings, found = read_call(call(text), VALUES)
    assert settings is None
    assert [item.code for item in found] == [code]
    assert hint in found[0].hint


PLACES = [
    ("O lstm(2 * (units // (n - 3)))", 12, 30),
    ("O lstm(units + 1.5)", 16, 19),
    ("O lstm(3 * width)", 12, 17),
    ("O lstm((units - 32) * 2)", 8, 24),
]


@pytest.mark.parametrize(("text", "start", "end"), PLACES)
def test_what_is_wrong_is_pointed_at(text: str, start: int, end: int) -> None:
    _, (found,) = read_call(call(text.removeprefix("O ")), VALUES)
    assert (found.span.column, found.span.end) == (start, end)


def test_all_that_is_wrong_is_found() -> None:
    _, found = read_call(call("dense(0, foo, bar=3, name=self)"), VALUES)
    assert [item.code for item in found] == ["SEQ304", "SEQ304", "SEQ302", "SEQ108"]


@pytest.mark.parametrize("layer", sorted(all_layers()))
def test_the_example_of_every_layer_is_right(layer: str) -> None:
    settings, found = read_call(call(all_layers()[layer].signature.example or layer), VALUES)
    assert settings is not None and settings.kind == layer and not found
