"""Python source → the modules that it imports, at its top or in its functions, and what it takes of a module."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def imported(source: str, module: str, *, is_package: bool) -> set[str]:
    """The absolute names of all modules that a source may import.

    A name that is imported from a module may be a module itself, so it is among them. What is imported for type
    checkers alone is not: it is never there when the code runs.

    Args:
        source: the text of a module.
        module: its name.
        is_package: whether it is an ``__init__.py``.
    """
    package = module if is_package else module.rpartition(".")[0]
    found: set[str] = set()
    for node in _at_run_time(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, package)
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def attributes(source: str, of: str) -> set[tuple[str, ...]]:
    """What a source takes of the module ``of``: of ``nx.bipartite.sets``, ``("bipartite", "sets")``."""
    tree = ast.parse(source)
    local = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == of
    }
    chains = (_chain(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return {chain[1:] for chain in chains if chain and chain[0] in local}


def _chain(node: ast.expr) -> tuple[str, ...]:
    """The names of ``a.b.c``; none of ``a().b``."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute) and (before := _chain(node.value)):
        return (*before, node.attr)
    return ()


def _base(node: ast.ImportFrom, package: str) -> str:
    """The module of ``from ..a import b``, as seen from a package."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    above = parts[: len(parts) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a tree but those under ``if TYPE_CHECKING:``."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)
