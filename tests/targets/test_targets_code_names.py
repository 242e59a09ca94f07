"""Which names code reads is known from its tree; what stands in quotes or behind a dot is no name."""

from __future__ import annotations

import re

import pytest
from jinja2 import nodes

from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Call,
    Code,
    Generator,
    Index,
    Keyword,
    Prefix,
    Return,
    Text,
    attributes_of,
    call,
    flat,
    listing,
    method,
    path_of,
    paths,
    read_argument,
    read_index,
    roots,
    tuple_of,
    without_module,
)
from seqdsl.targets.emit.render import environment
from seqdsl.targets.keras.layers import WITHOUT_OPS
from seqdsl.targets.torch.own_attention import WITH_FUNCTIONS

READS: list[tuple[Code, set[str]]] = [
    (Text("x"), {"x"}),
    (Text("self.units"), {"self.units"}),
    (Text("2 * n + units"), {"n", "units"}),
    (Text("1e-5"), set()),
    (Text('"ops.flip of self.n"'), set()),
    (Text('float("-inf")'), {"float"}),
    (Text("True"), set()),
    (Index(Text("x"), ":, -self.n:"), {"x", "self.n"}),
    (Index(Text("x"), "..., None"), {"x"}),
    (Index(Text("x"), ":, [0, 2]"), {"x"}),
    (Attribute(Attribute(Text("self"), "lstm"), "weight"), {"self.lstm.weight"}),
    (method(call("f", "x"), "n"), {"f", "x"}),
    (method("x", "sum", dim="n"), {"x.sum", "n"}),
    (call("F.pad", "x", tuple_of("n", 0)), {"F.pad", "x", "n"}),
    (Generator(Prefix("-", Text("part")), "part", Text("parts")), {"part", "parts"}),
    (Binary("+", (Text("chain_F.n"), Text("y"))), {"chain_F.n", "y"}),
]


@pytest.mark.parametrize(("code", "expected"), READS, ids=[flat(code) for code, _ in READS])
def test_what_code_reads(code: Code, expected: set[str]) -> None:
    assert {".".join(path) for path in paths([code])} == expected
    assert {".".join(path) for path in paths([Return((code,))])} == expected


def test_what_is_written_to_is_not_read() -> None:
    read = paths([Assign((Text("y"), Text("ops")), call("f", "x"))])
    assert roots(read) == {"f", "x"}


def test_attributes_are_those_of_one_name() -> None:
    read = paths([call("self.conv", "x.steps", Index(Text("x"), ":self.n"))])
    assert attributes_of("self", read) == {"conv", "n"}


@pytest.mark.parametrize(
    "text",
    [
        "units=2 * n",
        "(n + 1) // 2",
        "n - (k - 1)",
        "n // (2 * k)",
        "2 * (a // b) + 3",
        "-n + 4",
        'activation="relu"',
        "(3, 0)",
        "(n,)",
        "epsilon=1e-5",
        "1 - momentum",
        "n % 2 * 3",
        "n ** 2 * 3",
        'float("-inf")',
        "[a, b]",
        "max(a, b)",
    ],
)
def test_arguments_are_flat_as_they_were_read(text: str) -> None:
    assert flat(read_argument(text)) == text


def test_arguments_are_read_into_trees() -> None:
    assert read_argument("units=2 * n") == Keyword("units", Binary("*", (Text("2"), Text("n"))))
    assert isinstance(read_argument("max(a, b)"), Call)
    assert read_index(":, n:, ::2") == (
        (None, None),
        (Text("n"), None),
        (None, None, Text("2")),
    )


def test_a_path_is_a_name_and_nothing_else() -> None:
    assert path_of(Text("layers.Dense")) == path_of(Attribute(Text("layers"), "Dense"))
    assert [path_of(item) for item in (Text("0.5"), Text("a + b"), listing("a"))] == [None] * 3
    assert without_module(call("layers.Dense", 2)) == call("Dense", 2)


@pytest.mark.parametrize(
    ("template", "module", "without"),
    [
        # `projecting` is what both classes of attention begin with, `one_mask` what both cells do, `counted` what
        # both codes of steps do.
        (
            "keras/helpers.j2",
            "ops",
            {"projecting", "one_mask", "counted", "or_zero_steps", *WITHOUT_OPS},
        ),
        ("torch/cells.j2", "F", set()),
    ],
)
def test_every_piece_of_a_template_uses_the_module_that_is_imported_for_it(
    template: str, module: str, without: set[str]
) -> None:
    """What imports it only asks whether there is such a piece, other than those without."""
    source = (environment().loader.get_source(environment(), template))[0]  # type: ignore[union-attr]
    macros = list(environment().parse(source).find_all(nodes.Macro))
    written = {
        macro.name: "".join(data.data for data in macro.find_all(nodes.TemplateData))
        for macro in macros
    }
    assert macros
    assert {name for name, text in written.items() if f"{module}." not in text} == without


def test_the_helpers_of_torch_that_need_imported_functions_are_known() -> None:
    """What imports them asks by name which helpers call them."""
    source = (environment().loader.get_source(environment(), "torch/helpers.j2"))[0]  # type: ignore[union-attr]
    macros = environment().parse(source).find_all(nodes.Macro)
    written = {
        macro.name: "".join(data.data for data in macro.find_all(nodes.TemplateData))
        for macro in macros
    }
    functional = {name for name, text in written.items() if re.search(r"\bF\.", text)}
    assert functional == WITH_FUNCTIONS
    packed = [name for name, text in written.items() if "pack_padded_sequence(" in text]
    assert packed == ["run_valid"]
