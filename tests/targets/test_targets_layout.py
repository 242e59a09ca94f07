"""Long lines are broken as the formatter would break them, so that it leaves them alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqdsl.targets.emit.line_wrapping import WIDTH, fit

A, B, C = "a" * 30, "b" * 30, "c" * 30

LINES = [
    ("short", "x = f(a, b)", 4, ["    x = f(a, b)"]),
    ("just fits", f"f({'a' * (WIDTH - 7)})", 4, [f"    f({'a' * (WIDTH - 7)})"]),
    (
        "one too many",
        f"f({'a' * (WIDTH - 6)})",
        4,
        ["    f(", f"        {'a' * (WIDTH - 6)},", "    )"],
    ),
    (
        "arguments",
        f"x = f({A}, {B}, {C})",
        0,
        ["x = f(", f"    {A},", f"    {B},", f"    {C},", ")"],
    ),
    ("a list", f"[{A}, {B}, {C}]", 0, ["[", f"    {A},", f"    {B},", f"    {C},", "]"]),
    ("a tuple", f"x = ({A}, {B}, {C})", 0, ["x = (", f"    {A},", f"    {B},", f"    {C},", ")"]),
    (
        "keywords",
        f"f(p={A}, q={B}, r={C})",
        0,
        ["f(", f"    p={A},", f"    q={B},", f"    r={C},", ")"],
    ),
    (
        "commas in brackets",
        f"f(g(1, 2), {A}, {B}, {C})",
        0,
        ["f(", "    g(1, 2),", f"    {A},", f"    {B},", f"    {C},", ")"],
    ),
    (
        "the widest",
        f"f(a)({A}, {B}, {C})",
        0,
        ["f(a)(", f"    {A},", f"    {B},", f"    {C},", ")"],
    ),
    (
        "what follows",
        f"f({A}, {B}, {C}).g(1)[:, 0]",
        0,
        ["f(", f"    {A},", f"    {B},", f"    {C},", ").g(1)[:, 0]"],
    ),
    (
        "an index stays",
        f"f({A}[:, -1], {B}, {C})",
        0,
        ["f(", f"    {A}[:, -1],", f"    {B},", f"    {C},", ")"],
    ),
    (
        "a generator",
        f"function(g({A}) for {B[:25]} in xs for x in ys)",
        0,
        ["function(", f"    g({A}) for {B[:25]} in xs for x in ys", ")"],
    ),
    (
        "parameters",
        f"def f({A}: int = 1, {B}: int = 2) -> {C}:",
        0,
        ["def f(", f"    {A}: int = 1,", f"    {B}: int = 2,", f") -> {C}:"],
    ),
    (
        "several results",
        f"return {A}, {B}, {C}",
        0,
        ["return (", f"    {A},", f"    {B},", f"    {C},", ")"],
    ),
    (
        "two calls in a row",
        f"f({A}, {B}, {C})({B}, {C}, {A})",
        0,
        [
            "f(",
            f"    {A},",
            f"    {B},",
            f"    {C},",
            ")(",
            f"    {B},",
            f"    {C},",
            f"    {A},",
            ")",
        ],
    ),
    ("a long name of what is called", f"{A} = {B}{C}(x)", 0, [f"{A} = (", f"    {B}{C}(x)", ")"]),
    ("nothing to break", A + B + C, 0, [A + B + C]),
]


@pytest.mark.parametrize(
    ("text", "indent", "lines"), [item[1:] for item in LINES], ids=[item[0] for item in LINES]
)
def test_lines(text: str, indent: int, lines: list[str]) -> None:
    assert fit(text, indent) == lines


def test_inner_calls_are_broken_too() -> None:
    found = fit(f"f(g({A}, {B}, {C}), 1)", 0)
    assert found == [
        "f(",
        "    g(",
        f"        {A},",
        f"        {B},",
        f"        {C},",
        "    ),",
        "    1,",
        ")",
    ]


names = st.sampled_from(["x", "lstm", "decoder_state", "n" * 24, "hidden_units_of_the_decoder_row"])
atoms = st.one_of(
    names,
    st.integers(0, 999).map(str),
    names.map(lambda name: f'"{name}"'),
    names.map(lambda name: f"{name}[:, -3:]"),
)


def _call(name: str, arguments: list[str], keywords: list[tuple[str, str]]) -> str:
    return f"{name}({', '.join([*arguments, *(f'{key}={value}' for key, value in keywords)])})"


def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Calls of something with ``inner`` arguments, at times of what a call gives."""
    prefix = st.sampled_from(["layers.", "self.", ""])
    arguments = st.lists(inner, min_size=1, max_size=4)
    keywords = st.lists(st.tuples(names, inner), max_size=2, unique_by=lambda pair: pair[0])
    one = st.builds(_call, st.builds(str.__add__, prefix, names), arguments, keywords)
    return st.one_of(one, st.builds(_call, one, arguments, st.just([])))


values = st.recursive(atoms, calls, max_leaves=6)
targets = st.one_of(names, names.map("{}, _".format), names.map("_, *{}_state".format))
statements = st.one_of(
    st.builds("{} = {}".format, targets, calls(values)),
    calls(values).map("return {}".format),
    st.lists(values, min_size=2, max_size=9).map(lambda found: f"return {', '.join(found)}"),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(statements, min_size=5, max_size=20))
def test_the_formatter_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, found: list[str]
) -> None:
    functions = [f"def f{i}():\n" + "\n".join(fit(text, 4)) for i, text in enumerate(found)]
    path: Path = tmp_path_factory.mktemp("layout") / "laid_out.py"
    path.write_text("\n\n\n".join(functions) + "\n", "utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--diff", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@given(statements, st.integers(0, 12))
def test_nothing_but_blanks_commas_and_parentheses_is_added(text: str, indent: int) -> None:
    found = "".join(line.strip() for line in fit(text, indent))
    kept = str.maketrans("", "", " ,()")
    assert found.translate(kept) == text.translate(kept)
    assert compile(f"def f():\n{' ' * 4}{text}", "", "exec")
    assert compile("def f():\n" + "\n".join(fit(text, 4)), "", "exec")
