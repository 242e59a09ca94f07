"""generated source → its layers in a line, in the order in which they are applied.

``LSTM(32, return_sequences=True) → Cropping1D((3, 0)) → Dense(1)``: read off the source that users get, so
that the line cannot say anything else.
"""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING

from seqdsl.python_syntax import parse_python
from seqdsl.targets import source

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.lowering.compiled import CompiledModel

    _Steps = Callable[[ast.AST], list[str]]

ARROW = " → "
_AXES = {"0": "batch", "1": "steps"}
_EXACT = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}
_OPERATORS = {ast.Add: "add()", ast.Sub: "sub()", ast.Mult: "mul()", ast.Div: "div()"}


def layers_line(model: CompiledModel, target: str) -> str:
    """The layers of a model's source for a framework; parameters stand as their defaults."""
    tree = parse_python(source(model.spec, target))
    defaults = {item.name: item.default for item in model.spec.parameters}
    return ARROW.join({"keras": _keras, "torch": _torch}[target](_Filled(defaults).visit(tree)))


class _Filled(ast.NodeTransformer):
    """Puts the defaults of the builder's parameters in their place, and sums of numbers as numbers."""

    def __init__(self, defaults: dict[str, int | float]) -> None:
        self.defaults = defaults

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.defaults and isinstance(node.ctx, ast.Load):
            return ast.Constant(self.defaults[node.id])
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        kept = isinstance(node.value, ast.Name) and node.value.id == "self"
        if kept and node.attr in self.defaults:
            return ast.Constant(self.defaults[node.attr])
        self.generic_visit(node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        known = isinstance(left, ast.Constant) and isinstance(right, ast.Constant)
        if known and type(node.op) in _EXACT:
            return ast.Constant(_EXACT[type(node.op)](left.value, right.value))
        return ast.BinOp(left, node.op, right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.visit(node.operand)
        value = operand.value if isinstance(operand, ast.Constant) else None
        if isinstance(node.op, ast.USub) and isinstance(value, int | float):
            return ast.Constant(-value)
        return ast.UnaryOp(node.op, operand)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            axis = ast.unparse(node.slice)
            return ast.Name(_AXES.get(axis, "features"), ast.Load())
        self.generic_visit(node)
        return node


def _keras(tree: ast.Module) -> list[str]:
    # Functions of its own may stand before it.
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    builder = next(node for node in functions if node.name == "build_model")
    return [text for statement in builder.body for text in _keras_steps(statement)]


def _keras_steps(node: ast.AST) -> list[str]:
    """The layers and operations in a statement, each after what it is applied to."""
    if isinstance(node, ast.Call):
        if _module(node) == "layers":
            return [_constructor(node)]
        if _module(node) == "ops":
            return [*_below(node, _keras_steps), _applied(node)]
        if isinstance(node.func, ast.Call) and _module(node.func) == "layers":
            inner = [text for part in node.args for text in _keras_steps(part)]
            return [*inner, _with_state(_constructor(node.func), node)]
    if isinstance(node, ast.Subscript):
        return [*_keras_steps(node.value), *_index(node)]
    return _below(node, _keras_steps)


def _with_state(text: str, call: ast.Call) -> str:
    """A layer that starts from a state, said so."""
    started = any(item.arg == "initial_state" for item in call.keywords)
    return f"{text} from a state" if started else text


def _below(node: ast.AST, steps: _Steps) -> list[str]:
    return [text for part in ast.iter_child_nodes(node) for text in steps(part)]


def _module(call: ast.Call) -> str:
    """``layers`` of ``layers.Dense(...)``."""
    func = call.func
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        return func.value.id
    return ""


def _constructor(call: ast.Call) -> str:
    """A layer as it is made, without its name and without the module it comes from."""
    bare = ast.Call(
        ast.Name(_name(call), ast.Load()),
        [_bare(part) for part in call.args],
        [item for item in call.keywords if item.arg != "name"],
    )
    return _text(bare)


def _bare(node: ast.expr) -> ast.expr:
    """A layer within a layer, without its module."""
    if isinstance(node, ast.Call) and _module(node) == "layers":
        return ast.Name(_constructor(node), ast.Load())
    return node


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else _text(call.func)


def _text(node: ast.expr) -> str:
    # Nothing in generated source has a quote within a text.
    return ast.unparse(node).replace("'", '"')


def _applied(call: ast.Call) -> str:
    """A function with its options, without the values that it is applied to."""
    options = [part for part in call.args if _is_option(part)]
    keywords = [item for item in call.keywords if _is_option(item.value)]
    return _text(ast.Call(ast.Name(_name(call), ast.Load()), options, keywords))


def _is_option(node: ast.expr) -> bool:
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return names <= {"torch", "features", *_AXES.values()}


def _index(node: ast.Subscript) -> list[str]:
    """An index into steps; which state of several is read is no step of its own."""
    if not isinstance(node.slice, ast.Tuple):
        return []
    return [f"[{_text(node.slice).strip('()')}]"]


def _torch(tree: ast.Module) -> list[str]:
    module = [node for node in tree.body if isinstance(node, ast.ClassDef)][-1]
    start, forward = (node for node in module.body if isinstance(node, ast.FunctionDef))
    made = {
        node.targets[0].attr: _constructor(node.value)
        for node in start.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Attribute)
        and isinstance(node.value, ast.Call)
    }
    return [text for statement in forward.body for text in _Forward(made).steps(statement)]


class _Forward:
    """Reads the statements of ``forward``."""

    def __init__(self, made: dict[str, str]) -> None:
        self.made = made

    def steps(self, node: ast.AST) -> list[str]:
        """The modules and operations in a statement, each after what it is applied to."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            values = node.args if _module(node) in ("self", "F", "torch") else []
            inner = [text for part in values for text in self.steps(part)]
            return [*self.steps(node.func.value), *inner, self._call(node)]
        if isinstance(node, ast.Call) and node.args and _attribute(node.args[0]) in self.made:
            return self._passed(node)
        if isinstance(node, ast.Subscript):
            return [*self.steps(node.value), *(_index(node) or _final(node))]
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return [*_below(node, self.steps), _OPERATORS[type(node.op)]]
        return _below(node, self.steps)

    def _passed(self, call: ast.Call) -> list[str]:
        """A module that a function of the source runs: ``run_valid(self.gru_h, x, mask, state)``."""
        text = self.made[_attribute(call.args[0])]
        inner = [step for part in call.args[1:] for step in self.steps(part)]
        return [*inner, f"{text} from a state" if len(call.args) > 3 else text]

    def _call(self, call: ast.Call) -> str:
        if _module(call) == "self":
            text = self.made[_name(call)]
            has_state = len(call.args) == 2 and text.startswith(("LSTM", "GRU", "RNN"))
            return f"{text} from a state" if has_state else text
        return _applied(call)


def _attribute(node: ast.expr) -> str:
    """``gru_h`` of ``self.gru_h``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id == "self" else ""
    return ""


def _final(node: ast.Subscript) -> list[str]:
    """The last state of a recurrent layer."""
    named = isinstance(node.value, ast.Name) and node.value.id.endswith("_h")
    return [f"h_n[{_text(node.slice)}]"] if named else []
