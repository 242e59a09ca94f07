"""No function has many branches, no file is long, and there are comments where one has to think.

Branches are counted as McCabe's cyclomatic complexity, as radon does: 1, and 1 more for every `if`, loop, `except`,
comprehension, `and`, `or`, conditional expression, `assert` and case. What is defined within a function
counts for itself.
"""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest

SEQDSL = Path(__file__).parents[2] / "seqdsl"

MOST_BRANCHES = 15
MANY_BRANCHES = 10
MOST_LINES = 300

WITH_MANY_BRANCHES = 0.02
"""The share of functions with more than `MANY_BRANCHES`, of all."""

COMMENTS = 4.0
"""Comment lines in 100 lines of code, docstrings among them."""

_ONE_EACH = (
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.comprehension, ast.Assert,
)  # fmt: skip


def sources() -> dict[str, str]:
    return {
        path.relative_to(SEQDSL).as_posix(): path.read_text("utf-8")
        for path in sorted(SEQDSL.rglob("*.py"))
    }


def branches(function: ast.AST) -> int:
    """The cyclomatic complexity of a function, without that of what is defined in it."""
    count = 1
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        count += isinstance(node, _ONE_EACH)
        if isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            count += len(node.ifs)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While | ast.Try):
            count += bool(node.orelse)
        elif isinstance(node, ast.Match):
            # The last case of `case _` is no branch of its own.
            last = node.cases[-1].pattern
            count += len(node.cases) - (isinstance(last, ast.MatchAs) and last.pattern is None)
        waiting += ast.iter_child_nodes(node)
    return count


def functions() -> list[tuple[str, int]]:
    """Every function, by its file and name, and its branches."""
    return [
        (f"{file}: {node.name}", branches(node))
        for file, source in sources().items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def lines_of_code(source: str) -> tuple[int, int]:
    """The lines with a comment, and those with code; a docstring is code."""
    comments, code = set(), set()
    blank = {
        tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
    }  # fmt: skip
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            comments.add(token.start[0])
        elif token.type not in blank:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(comments), len(code)


def test_no_function_has_too_many_branches() -> None:
    for name, count in functions():
        assert count <= MOST_BRANCHES, f"{name} has {count} branches: split it"


def test_few_functions_have_many_branches() -> None:
    counts = [count for _, count in functions()]
    share = sum(count > MANY_BRANCHES for count in counts) / len(counts)
    assert share <= WITH_MANY_BRANCHES


def test_no_file_is_long() -> None:
    for file, source in sources().items():
        assert len(source.splitlines()) <= MOST_LINES, f"{file}: split it"


def test_there_are_comments() -> None:
    counted = [lines_of_code(source) for source in sources().values()]
    comments, code = (sum(column) for column in zip(*counted, strict=True))
    assert 100 * comments / code >= COMMENTS


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("pass", 1),
        ("if a:\n  b\n elif c:\n  d\n else:\n  e", 3),
        ("return a if b and c and d else e", 4),
        ("for a in b:\n  c\n else:\n  d", 3),
        ("try:\n  a\n except B:\n  c\n except D:\n  e\n finally:\n  f", 3),
        ("return [a for b in c if d for e in f]", 4),
        ("assert a or b", 3),
        ("return sorted(a, key=lambda b: b and c)", 2),
        ("def g():\n  if a:\n   b", 1),
        ("match a:\n  case 1:\n   b\n  case _:\n   c", 2),
    ],
)
def test_branches_are_counted(body: str, count: int) -> None:
    function = ast.parse(f"def f():\n {body}").body[0]
    assert branches(function) == count


def test_comments_are_counted() -> None:
    assert lines_of_code('# a\nb = 1  # c\n\nd = """\n# e\n"""\n') == (2, 4)
