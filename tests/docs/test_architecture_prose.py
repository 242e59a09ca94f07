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
from jinja2 import Environment, nodes

PACKAGE = Path(__file__).parents[2] / "seqdsl"

EXEMPT = {
    "targets/code/reading.py": "pieces of Python from templates and emitters, on their way into a code tree",
    "integrations/embedded/docstrings.py": "Python that a user wrote",
    "verify/against.py": "Python that a user wrote",
    "syntax/python_call.py": "Python that a user wrote",
    "diagnosis/find.py": "messages that a framework printed",
    "project/array_files.py": "a header of numpy, which is written as a Python dictionary",
    "python_syntax.py": "reads Python for all of these",
}
"""Where it is done still, or has to be, and why."""

TEXTS = frozenset({"message", "hint", "caption", "sentence", "explanation"})
"""Attributes, and names of variables, that hold prose."""

WRITERS = frozenset(
    {"excerpt", "explain", "explain_model", "explain_code", "missed", "sentence_of"}
)
"""Functions that write prose or source."""

EMITTERS = frozenset({"flat", "lines", "item_lines", "render"})
"""Functions that write code, where targets do: elsewhere these words mean something else."""

OUTPUT = frozenset({"body"})
"""Variables that hold lines of code."""

GIVEN = OUTPUT | {"attributes", "cells", "functions", "helpers", "expected", "kept"}
"""What templates are given as lines of code."""

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

    def __init__(self, *, emits: bool) -> None:
        """Begin with nothing found, in a module that emits code or in one that does not."""
        self.found: list[tuple[int, str]] = []
        self._texts = TEXTS | OUTPUT if emits else TEXTS
        self._writers = WRITERS | EMITTERS if emits else WRITERS
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
            return node.id in self._texts or any(node.id in held for held in self._held)
        return self._is_written(node)

    def _is_written(self, node: ast.AST) -> bool:
        """Whether an expression is prose or generated source, as it comes from where that is kept or written."""
        if isinstance(node, ast.Attribute):
            return node.attr in TEXTS
        if isinstance(node, ast.IfExp):
            return self._is_written(node.body) or self._is_written(node.orelse)
        if isinstance(node, ast.ListComp | ast.GeneratorExp):
            # `[line for statement in statements for line in lines(statement, 8)]`
            made = [node.elt, *(loop.iter for loop in node.generators)]
            return any(map(self._is_written, made))
        if isinstance(node, ast.BinOp):
            return self._is_written(node.left) or self._is_written(node.right)
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Attribute):
            # `model.source("keras")`; what is cut or put together from prose is prose.
            of_prose = node.func.attr in LOOKS | CUTS | {"lower", "upper", "casefold", "strip"}
            if of_prose and self._is_written(node.func.value):
                return True
            if node.func.attr == "join":
                # Lines, one after the other, are what they were: `"\n".join([*body, *made])`.
                return any(map(self._is_prose, _joined(node)))
            return (
                node.func.attr == "source" and bool(node.args)
            ) or node.func.attr in self._writers
        return isinstance(node.func, ast.Name) and node.func.id in self._writers


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
    if isinstance(node, ast.Tuple | ast.List):
        return node.elts
    return [node] if isinstance(node, ast.expr) else []


def _joined(call: ast.Call) -> list[ast.expr]:
    """What is joined: the texts of a list, or the one that holds them."""
    found = [item for one in call.args for item in (_parts(one) or [one])]
    return [item.value if isinstance(item, ast.Starred) else item for item in found]


def _is_layout(call: ast.Call) -> bool:
    """Whether a text is cut at the ends of its lines, or of blanks at its ends."""
    at_ends = isinstance(call.func, ast.Attribute) and call.func.attr.endswith(("strip", "lines"))
    return (bool(call.args) or at_ends) and all(
        isinstance(one, ast.Constant) and one.value in ("\n", " ", 1) for one in call.args
    )


def read(source: str, *, emits: bool = False) -> list[tuple[int, str]]:
    """The lines of a module that read prose, and what each does; ``emits``: it emits code, and is not to read that."""
    reader = Reader(emits=emits)
    reader.visit(ast.parse(source))
    return reader.found


@cache
def everywhere() -> list[tuple[str, int, str]]:
    """All that is read in the package: the file, the line, what it does."""
    return [
        (path.relative_to(PACKAGE).as_posix(), line, what)
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, what in read(path.read_text(encoding="utf-8"), emits="targets" in path.parts)
    ]


def test_no_code_reads_prose() -> None:
    found = [f"{file}:{line}: {what}" for file, line, what in everywhere() if file not in EXEMPT]
    assert not found, "decide by a field, not by words:\n" + "\n".join(found)


def looked_into(template: str) -> list[str]:
    """The conditions of a template that look into what is written: ``{% if "ops." in body %}``."""
    tree = Environment().parse(template)
    found = [
        operand.expr
        for node in tree.find_all(nodes.Compare)
        for operand in node.ops
        if operand.op in ("in", "notin", "eq", "ne")
    ]
    found += [node.node for node in tree.find_all(nodes.Call) if _looks(node.node)]
    found += [node for node in tree.find_all(nodes.Filter) if node.name in ("replace", "truncate")]
    return [repr(item) for item in found if _is_output(item)]


def _looks(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Getattr) and node.attr in LOOKS | CUTS


def _is_output(node: nodes.Node) -> bool:
    """Whether an expression holds written source: by its name, or put together from such."""
    names = [*node.find_all(nodes.Name), *([node] if isinstance(node, nodes.Name) else [])]
    return any(item.name in GIVEN for item in names)


TEMPLATES = sorted((PACKAGE.parent / "templates").rglob("*.j2"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_template_looks_into_what_is_written(path: Path) -> None:
    assert not looked_into(path.read_text("utf-8")), "say it by a variable of its own"


@pytest.mark.parametrize(
    "template",
    [
        '{{ ", ops" if "ops." in (body ~ helpers | join) }}',
        '{% if "F." in body %}import F{% endif %}',
        '{% if body.startswith("return") %}a{% endif %}',
    ],
)
def test_a_template_that_looks_is_found(template: str) -> None:
    assert looked_into(template)


@pytest.mark.parametrize(
    "template",
    ['{% if cells or "run_valid" in needed %}a{% endif %}', '{% if kind == "rnn" %}a{% endif %}'],
)
def test_a_template_that_decides_by_data_is_not(template: str) -> None:
    assert not looked_into(template)


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
        "imports = 'ops' if 'ops.' in body else ''",
        "def f(to):\n    text = '\\n'.join(_lines(to))\n    body = text\n    return 'F.' in body",
        "def f(all):\n    made = [a for b in all for a in lines(b, 8)]\n    return 'n' in '\\n'.join(made)",
        "def f(all):\n    text = '\\n'.join(a for b in all for a in lines(b, 8))\n    return 'F.' in text",
        "read = re.findall('self', '\\n'.join([*body, *made]))",
        "if flat(mask).isidentifier(): pass",
        "word = flat(layer).removeprefix('layers.')",
        "def f(self, code):\n    key = flat(code)\n    return key.isidentifier()",
    ],
)
def test_reading_of_emitted_code_is_found(code: str) -> None:
    assert read(code, emits=True)


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
