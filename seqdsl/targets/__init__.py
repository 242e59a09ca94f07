"""graph → source: the registry of targets, one folder for each; others are registered by an entry point.

A package that is no part of seqdsl registers its target as ``TARGET`` in the group ``seqdsl.targets``::

    [project.entry-points."seqdsl.targets"]
    flax = "seqdsl_flax:TARGET"
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.targets.target import Target

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from seqdsl.ir.graph import Graph
    from seqdsl.runtime.adapter import Framework
    from seqdsl.targets.notes import Module

__all__ = [
    "TARGETS",
    "TRAINED",
    "NotWrittenError",
    "Target",
    "applied",
    "find",
    "find_alias",
    "registered",
    "runtime",
    "source",
    "write",
    "write_trained",
]

TRAINED = ("keras", "torch")
"""The targets of our own whose models can be trained: those that have columns in tables."""

TARGETS = (*TRAINED, "numpy")
"""The targets of our own."""

GROUP = "seqdsl.targets"


@cache
def find(name: str) -> Target:
    """The target called ``name``.

    Entry points are looked up only for names that are not our own: reading them takes as long as a picture.

    Raises:
        ValueError: there is no such target, or it cannot be loaded; the message says which.
    """
    if name in TARGETS:
        target = import_module(f"{__name__}.{name}").TARGET
    elif name in (others := registered()):
        try:
            target = others[name].load()
        except Exception as problem:
            # Somebody else's code: whatever it raises, our user is to read a sentence.
            raise ValueError(f"the target `{name}` cannot be loaded: {problem}") from problem
    else:
        names = ", ".join([*TARGETS, *others])
        raise ValueError(f"unknown target {name!r}: choose from {names}")
    # An entry point may name anything that can be imported: a module, a class, the record of another target.
    if not isinstance(target, Target) or target.name != name:
        raise ValueError(f"the target `{name}` cannot be loaded: its entry point is not a target")
    return target


def find_alias(name: str) -> Target:
    """The target that somebody calls ``name``: ``Keras``, ``pytorch``, ``tensorflow``.

    Raises:
        ValueError: as of `find`.
    """
    if name in TARGETS:
        return find(name)
    lower = name.strip().lower()
    # Aliases are looked up among our own only: others would have to be loaded to be asked for theirs.
    for target in map(find, TARGETS):
        if lower in (target.name, *target.aliases):
            return target
    return find(name)


@cache
def registered() -> dict[str, EntryPoint]:
    """The entry points of targets that other packages have, by name."""
    from importlib.metadata import entry_points

    return {item.name: item for item in entry_points(group=GROUP) if item.name not in TARGETS}


def source(graph: Graph, target: str) -> str:
    """The Python source of a model for a target.

    Raises:
        ValueError: there is no such target.
    """
    return write(graph, target).source


class NotWrittenError(ValueError):
    """A target cannot write what a graph holds."""


def _has_loop(graph: Graph) -> bool:
    # Commands that write no source import this package, too: what finds loops would cost them time.
    from seqdsl.ir.loops import find_circles

    return bool(find_circles(graph))


def write(graph: Graph, target: str) -> Module:
    """The Python source of a model for a target, and what its writer says of it.

    Raises:
        ValueError: there is no such target.
        NotWrittenError: the graph has a loop, and the target writes none (``RUNS_LOOPS`` of its package), or not
            this one.
    """
    package = import_module(find(target).package)
    if not getattr(package, "RUNS_LOOPS", False) and _has_loop(graph):
        raise NotWrittenError(
            f"the target `{target}` does not write loops yet: models with delayed nodes can be checked, explained "
            "and drawn"
        )
    try:
        module: Module = package.write(graph)
    except UnevenLoop as error:
        raise NotWrittenError(str(error)) from error
    return module


def write_trained(graph: Graph) -> dict[str, Module]:
    """The source for all targets of our own that can be trained, as far as they can write the graph."""
    modules = {}
    for target in TRAINED:
        with suppress(NotWrittenError):
            modules[target] = write(graph, target)
    return modules


def applied(graph: Graph, target: str) -> list[str]:
    """The layers and operations of a model as a target calls them, in the order in which they are applied.

    Parameters are shown as their defaults. Of our own targets, those that train can tell.

    Raises:
        ValueError: there is no such target.
    """
    values = {item.name: item.default for item in graph.parameters}
    line = import_module(f"{find(target).package}.line")
    layers: list[str] = line.applied(write(graph, target), values)
    return layers


def runtime(target: str) -> Framework:
    """The adapter of a target; imports the framework.

    Raises:
        ImportError: the framework cannot be imported.
        ValueError: there is no such target.
    """
    framework: Framework = import_module(f"{find(target).package}.runtime")
    return framework
