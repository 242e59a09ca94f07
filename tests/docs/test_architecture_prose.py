"""No code decides by reading prose: not a message, a hint, an explanation, nor source that was generated.

Words are written for people, and are reworded for people. What a stage has to know of another is a field: an
enumeration, a class, a number.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "seqdsl"

EXEMPT = {
    "catalogue/line.py": "the layers of a model are read back from its generated source",
    "targets/emit/render.py": "a statement is parsed to find out whether it is one",
    "integrations/embedded/docstrings.py": "Python that a user wrote",
    "verify/against.py": "Python that a user wrote",
    "python_syntax.py": "reads Python for all of these",
}
"""Where it is done still, or has to be, and why."""

TEXTS = frozenset({"message", "hint", "caption", "sentence", "explanation"})
"""Attributes, and names of variables, that hold prose."""

WRITERS = frozenset(
    {"excerpt", "explain", "explain_model", "explain_code", "missed", "sentence_of"}
)
"""Functions that write prose or source."""

LOOKS = frozenset(
    [
        "startswith",
        "endswith",
        "removeprefix",
        "removesuffix",
        "find",
        "rfind",
        "index",
        "rindex",
        "count",
        "replace",
        "translate",
        "isalpha",
        "isdigit",
        "isidentifier",
        "islower",
        "isupper",
    ]
)
"""Methods by which a text is looked into."""

CUTS = frozenset({"split", "rsplit", "partition", "rpartition", "strip", "lstrip", "rstrip"})
"""Methods that cut a text; at the ends of its lines it is merely laid out."""

PARSERS = frozenset({"ast.parse", "parse_python"})
"""Functions that read Python."""

PATTERNS = frozenset({"search", "match", "fullmatch", "findall", "finditer", "sub", "subn"})

ENGLISH = re.compile(r"[a-z]{2,} [a-z]|^[a-z]{2,} $|^ [a-z]{2,}")
"""Words of a sentence; a name or a piece of syntax has no blank in it."""


class Reader(ast.NodeVisitor):
    """Finds where a function reads prose.

    Attributes:
        found: the lines, and what is done there.
    """

    def __init__(self) -> None:
        """Begin with nothing found."""
        self.found: list[tuple[int, str]] = []
        # The variables that hold prose, in the functions around.
        self._held: list[set[str]] = [set()]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Note what a function's variables hold, then look at what it does with them."""
        held = {
            target.id
            for item in ast.walk(node)
            if isinstance(item, ast.Assign) and self._is_written(item.value)
            for target in item.targets
            if isinstance(target, ast.Name)
        }
        self._held.append(held)
        self.generic_visit(node)
        self._held.pop()

    def visit_Compare(self, node: ast.Compare) -> None:
        """``in`` and ``==`` with prose on a side; nothing is read where it is merely asked whether there is any."""
        sides = [node.left, *node.comparators]
        blank = any(isinstance(one, ast.Constant) and not one.value for one in sides)
        looks = any(isinstance(one, ast.In | ast.NotIn | ast.Eq | ast.NotEq) for one in node.ops)
        inside = isinstance(node.ops[0], ast.In | ast.NotIn)
        sentence = inside and _is_sentence(node.left) and not _is_table(node.comparators[0])
        if looks and not blank and (sentence or any(map(self._is_prose, sides))):
            self.found.append((node.lineno, ast.unparse(node)))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Methods and functions that look into a text."""
        if isinstance(node.func, ast.Attribute):
            of, name = node.func.value, node.func.attr
            looked = name in LOOKS or (name in CUTS and not _is_layout(node))
            asked = name in PATTERNS and any(map(self._is_prose, node.args))
            sentence = name in LOOKS and any(
                _is_sentence(part) for one in node.args for part in _parts(one)
            )
            if (looked and self._is_prose(of)) or asked or sentence:
                self.found.append((node.lineno, ast.unparse(node)))
        if ast.unparse(node.func) in PARSERS:
            self.found.append((node.lineno, ast.unparse(node)))
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """A piece cut out of prose."""
        is_line = isinstance(node.value, ast.Call) and _is_layout(node.value)
        if self._is_prose(node.value) and not is_line:
            self.found.append((node.lineno, ast.unparse(node)))
        self.generic_visit(node)

    def visit_Match(self, node: ast.Match) -> None:
        """A text told apart by cases."""
        if self._is_prose(node.subject):
            self.found.append((node.lineno, f"match {ast.unparse(node.subject)}"))
        self.generic_visit(node)

    def _is_prose(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in TEXTS or any(node.id in held for held in self._held)
        return self._is_written(node)

    def _is_written(self, node: ast.AST) -> bool:
        """Whether an expression is prose or generated source, as it comes from where that is kept or written."""
        if isinstance(node, ast.Attribute):
            return node.attr in TEXTS
        if isinstance(node, ast.IfExp):
            return self._is_written(node.body) or self._is_written(node.orelse)
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Attribute):
            # `model.source("keras")`; what is cut or put together from prose is prose.
            of_prose = node.func.attr in LOOKS | CUTS | {"lower", "upper", "casefold", "strip"}
            if of_prose and self._is_written(node.func.value):
                return True
            return (node.func.attr == "source" and bool(node.args)) or node.func.attr in WRITERS
        return isinstance(node.func, ast.Name) and node.func.id in WRITERS


def _is_sentence(node: ast.AST) -> bool:
    """Whether a text is words of a sentence, or begins or ends as one."""
    if isinstance(node, ast.JoinedStr):
        return any(map(_is_sentence, node.values))
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and ENGLISH.search(node.value) is not None
    )


def _is_table(node: ast.AST) -> bool:
    """Whether something is asked for its members: a literal, a constant, an attribute that is a plural."""
    if isinstance(node, ast.Attribute):
        return node.attr.endswith("s")
    return isinstance(node, ast.Set | ast.Tuple | ast.List | ast.Dict) or (
        isinstance(node, ast.Name) and (node.id.isupper() or node.id.endswith("s"))
    )


def _parts(node: ast.AST) -> list[ast.expr]:
    """An argument, or the texts of a tuple of them."""
    if isinstance(node, ast.Tuple):
        return node.elts
    return [node] if isinstance(node, ast.expr) else []


def _is_layout(call: ast.Call) -> bool:
    """Whether a text is cut at the ends of its lines, or of blanks at its ends."""
    at_ends = isinstance(call.func, ast.Attribute) and call.func.attr.endswith(("strip", "lines"))
    return (bool(call.args) or at_ends) and all(
        isinstance(one, ast.Constant) and one.value in ("\n", " ", 1) for one in call.args
    )


def read(source: str) -> list[tuple[int, str]]:
    """The lines of a module that read prose, and what each does."""
    reader = Reader()
    reader.visit(ast.parse(source))
    return reader.found


@cache
def everywhere() -> list[tuple[str, int, str]]:
    """All that is read in the package: the file, the line, what it does."""
    return [
        (path.relative_to(PACKAGE).as_posix(), line, what)
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, what in read(path.read_text(encoding="utf-8"))
    ]


def test_no_code_reads_prose() -> None:
    found = [f"{file}:{line}: {what}" for file, line, what in everywhere() if file not in EXEMPT]
    assert not found, "decide by a field, not by words:\n" + "\n".join(found)


def test_every_exemption_is_needed() -> None:
    assert set(EXEMPT) == set(EXEMPT) & {file for file, _, _ in everywhere()}


@pytest.mark.parametrize(
    "code",
    [
        'if "there is no row" in item.hint: pass',
        'if f"{columns} to the {back}" in here.hint: pass',
        'any(item.message.startswith(f"`..{name}..`") for item in found)',
        'text if text.startswith("every ") else "each of " + text',
        'if item.message == "a blank line splits this picture in two": pass',
        'kinds = {item.message.removeprefix("this ") for item in found}',
        're.search("x", item.message)',
        "PATTERN.findall(item.hint)",
        'number = item.message.split(" columns")[0]',
        "def f(model):\n    text = model.source('keras')\n    return 'LSTM(' in text",
        "def f(item):\n    said = item.hint.lower()\n    return said.find('row')",
        "def f(item):\n    match item.message:\n        case 'one': pass",
        "first = item.message[0]",
        "last = item.message.split()[-1]",
        "tree = ast.parse(model.source('torch'))",
        "tree = parse_python(model.source('torch'))",
    ],
)
def test_reading_is_found(code: str) -> None:
    assert read(code)


@pytest.mark.parametrize(
    "code",
    [
        "print(item.message, item.hint)",
        "lines = item.message.splitlines()",
        'first = item.message.partition("\\n")[0]',
        'first, *rest = item.hint.split("\\n")',
        'if item.hint: print(f"hint: {item.hint}")',
        'if item.hint != "": pass',
        'if name in ("many-to-one", "one to many"): pass',
        'if line.startswith("#"): pass',
        'message = "a" if many else "b"',
        "source = parse(text).source",
    ],
)
def test_writing_is_not(code: str) -> None:
    assert not read(code)
