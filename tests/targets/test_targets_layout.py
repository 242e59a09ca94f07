"""Statements are broken as the formatter would break them, so that it leaves them alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqdsl.targets.code import (
    Assign,
    Binary,
    Call,
    Code,
    Comment,
    Define,
    For,
    Generator,
    Index,
    Prefix,
    Return,
    Run,
    Statement,
    Text,
    call,
    enclosed,
    flat,
    lines,
    listing,
    method,
    named,
    subscripted,
    tuple_of,
)
from seqdsl.targets.code.statements import WIDTH

TEMPLATES = Path(__file__).parents[2] / "templates"
LONGEST_LINE = 100
A, B, C = "a" * 30, "b" * 30, "c" * 30
X = Text("x")


def _set(target: Code, value: Code) -> Assign:
    return Assign((target,), value)


LINES: list[tuple[str, Statement, int, list[str]]] = [
    ("short", _set(X, call("f", "a", "b")), 4, ["    x = f(a, b)"]),
    ("just fits", Run(call("f", "a" * (WIDTH - 7))), 4, [f"    f({'a' * (WIDTH - 7)})"]),
    (
        "one too many",
        Run(call("f", "a" * (WIDTH - 6))),
        4,
        ["    f(", f"        {'a' * (WIDTH - 6)},", "    )"],
    ),
    (
        "arguments",
        _set(X, call("f", A, B, C)),
        0,
        ["x = f(", f"    {A},", f"    {B},", f"    {C},", ")"],
    ),
    ("a list", Run(listing(A, B, C)), 0, ["[", f"    {A},", f"    {B},", f"    {C},", "]"]),
    (
        "a tuple",
        _set(X, tuple_of(A, B, C)),
        0,
        ["x = (", f"    {A},", f"    {B},", f"    {C},", ")"],
    ),
    (
        "keywords",
        Run(call("f", p=A, q=B, r=C)),
        0,
        ["f(", f"    p={A},", f"    q={B},", f"    r={C},", ")"],
    ),
    (
        "commas in brackets",
        Run(call("f", call("g", 1, 2), A, B, C)),
        0,
        ["f(", "    g(1, 2),", f"    {A},", f"    {B},", f"    {C},", ")"],
    ),
    (
        "the widest",
        Run(call(call("f", "a"), A, B, C)),
        0,
        ["f(a)(", f"    {A},", f"    {B},", f"    {C},", ")"],
    ),
    (
        "what follows",
        Run(Index(method(call("f", A, B, C), "g", 1), ":, 0")),
        0,
        ["f(", f"    {A},", f"    {B},", f"    {C},", ").g(1)[:, 0]"],
    ),
    (
        "an index stays",
        Run(call("f", Index(Text(A), ":, -1"), B, C)),
        0,
        ["f(", f"    {A}[:, -1],", f"    {B},", f"    {C},", ")"],
    ),
    (
        "a generator, behind which no comma may stand",
        Run(call("function", Generator(call("g", A), "x", Text(f"{B}_and_more")))),
        0,
        ["function(", f"    g({A}) for x in {B}_and_more", ")"],
    ),
    (
        "what has a generator in it",
        Run(
            call(
                "function", A, listing(Prefix("*", listing(Generator(call("g", X), "x", Text(C)))))
            )
        ),
        0,
        ["function(", f"    {A}, [*[g(x) for x in {C}]]", ")"],
    ),
    (
        "parameters",
        Define("f", (Text(f"{A}: int = 1"), Text(f"{B}: int = 2")), Text(C)),
        0,
        ["def f(", f"    {A}: int = 1,", f"    {B}: int = 2,", f") -> {C}:"],
    ),
    (
        "parameters and results",
        Define("f", (Text("self"),), subscripted("tuple", A, B, C)),
        0,
        [
            "def f(",
            "    self,",
            ") -> tuple[",
            f"    {A},",
            f"    {B},",
            f"    {C},",
            "]:",
        ],
    ),
    (
        "a loop",
        For("a, b", call("zip", listing(A, B), C)),
        0,
        ["for a, b in zip(", f"    [{A}, {B}],", f"    {C},", "):"],
    ),
    (
        "several results",
        Return((Text(A), Text(B), Text(C))),
        0,
        ["return (", f"    {A},", f"    {B},", f"    {C},", ")"],
    ),
    (
        "two calls in a row",
        Run(call(call("f", A, B, C), B, C, A)),
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
    (
        "a long name of what is called",
        _set(Text(A), call(f"{B}{C}", "x")),
        0,
        [f"{A} = (", f"    {B}{C}(x)", ")"],
    ),
    (
        "several variables",
        Assign((X, tuple_of("h", "_")), call("f", A, B, C)),
        0,
        ["x, (h, _) = f(", f"    {A},", f"    {B},", f"    {C},", ")"],
    ),
    (
        "an operand in brackets is broken last",
        _set(X, method(enclosed(Binary("/", (call("f", A, 1), Text(B)))), "expand", -1, C, -1)),
        0,
        [f"x = (f({A}, 1) / {B}).expand(", "    -1,", f"    {C},", "    -1,", ")"],
    ),
    (
        "where nothing else can be broken",
        Run(Index(enclosed(Binary("/", (Text(A), call("f", B, C)))), ":, None")),
        0,
        [f"({A} / f(", f"    {B},", f"    {C},", "))[:, None]"],
    ),
    (
        "nor where it would not become shorter",
        Run(Index(enclosed(Binary("/", (Text(A + B + C), call("f", 1)))), ":, None")),
        0,
        [f"({A + B + C} / f(1))[:, None]"],
    ),
    (
        "an index where nothing else has brackets",
        Run(call("f", call("g", X, k=Index(Text(C * 3), ":, -3:")), 1)),
        0,
        [
            "f(",
            "    g(",
            "        x,",
            f"        k={C * 3}[",
            "            :, -3:",
            "        ],",
            "    ),",
            "    1,",
            ")",
        ],
    ),
    (
        "a variable and an index",
        _set(Text(A), Index(Text(B * 3), ":, 1:")),
        0,
        [f"{A} = {B * 3}[", "    :, 1:", "]"],
    ),
    ("a comment", Comment("why"), 4, ["    # why"]),
    ("nothing to break", Run(Text(A + B + C)), 0, [A + B + C]),
]


@pytest.mark.parametrize(
    ("statement", "indent", "expected"),
    [item[1:] for item in LINES],
    ids=[item[0] for item in LINES],
)
def test_lines(statement: Statement, indent: int, expected: list[str]) -> None:
    assert lines(statement, indent) == expected


def test_inner_calls_are_broken_too() -> None:
    found = lines(Run(call("f", call("g", A, B, C), 1)), 0)
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


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.j2")), ids=lambda path: path.name)
def test_templates_have_no_long_lines(path: Path) -> None:
    long = [
        number
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert not long, f"{path} has lines of more than {LONGEST_LINE} characters: {long}"


names = st.sampled_from(["x", "lstm", "decoder_state", "n" * 24, "hidden_units_of_the_decoder_row"])
atoms: st.SearchStrategy[Code] = st.one_of(
    names.map(Text),
    st.integers(0, 999).map(lambda number: Text(str(number))),
    names.map(lambda name: Text(f'"{name}"')),
    names.map(lambda name: Index(Text(name), ":, -3:")),
)


def _call(function: Code, arguments: list[Code], keywords: list[tuple[str, Code]]) -> Call:
    return Call(function, (*arguments, *(named(*item) for item in keywords)))


def calls(inner: st.SearchStrategy[Code]) -> st.SearchStrategy[Code]:
    """Calls of something with ``inner`` arguments, at times of what a call gives."""
    prefix = st.sampled_from(["layers.", "self.", ""])
    arguments = st.lists(inner, min_size=1, max_size=4)
    keywords = st.lists(st.tuples(names, inner), max_size=2, unique_by=lambda pair: pair[0])
    functions = st.builds(lambda *parts: Text("".join(parts)), prefix, names)
    one = st.builds(_call, functions, arguments, keywords)
    return st.one_of(one, st.builds(_call, one, arguments, st.just([])))


values = st.recursive(atoms, calls, max_leaves=6)
targets: st.SearchStrategy[tuple[Code, ...]] = st.one_of(
    names.map(lambda name: (Text(name),)),
    names.map(lambda name: (Text(name), Text("_"))),
    names.map(lambda name: (Text("_"), Prefix("*", Text(f"{name}_state")))),
)
statements: st.SearchStrategy[Statement] = st.one_of(
    st.builds(Assign, targets, calls(values)),
    calls(values).map(lambda value: Return((value,))),
    st.lists(values, min_size=2, max_size=9).map(lambda found: Return(tuple(found))),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(statements, min_size=5, max_size=20))
def test_the_formatter_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, found: list[Statement]
) -> None:
    functions = [f"def f{i}():\n" + "\n".join(lines(item, 4)) for i, item in enumerate(found)]
    path: Path = tmp_path_factory.mktemp("layout") / "laid_out.py"
    path.write_text("\n\n\n".join(functions) + "\n", "utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--diff", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@given(statements, st.integers(0, 12))
def test_nothing_but_blanks_commas_and_parentheses_is_added(
    statement: Statement, indent: int
) -> None:
    text = _flat(statement)
    found = "".join(line.strip() for line in lines(statement, indent))
    kept = str.maketrans("", "", " ,()")
    assert found.translate(kept) == text.translate(kept)
    assert compile(f"def f():\n{' ' * 4}{text}", "", "exec")
    assert compile("def f():\n" + "\n".join(lines(statement, 4)), "", "exec")


def _flat(statement: Statement) -> str:
    if isinstance(statement, Assign):
        return f"{', '.join(map(flat, statement.targets))} = {flat(statement.value)}"
    assert isinstance(statement, Return)
    return f"return {', '.join(map(flat, statement.values))}"
