"""tree → arguments, results and states of one model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token, Tree

from seqdsl.ir.ends import Holds
from seqdsl.ir.graph import Feedback, Input, Output, State
from seqdsl.ir.text.errors import error_at
from seqdsl.ir.text.trees import arguments_of, checked_name
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.graph import Shape
    from seqdsl.ir.text.errors import Item
    from seqdsl.ir.text.values import Values


def read_type(tree: Item, values: Values, grid: int = 0) -> tuple[str, Shape]:
    """A type: ``float32[6, 8]`` is six steps of 8 features, ``int32[6]`` six token ids; a grid has axes between."""
    assert isinstance(tree, Tree)
    dtype, sizes = tree.children
    if dtype not in ("float32", "int32"):
        raise error_at(dtype, f"unknown type `{dtype}`", "`float32`", "`int32`")
    shape = values.sizes(sizes)
    # A token id has no axis of features, so its shape is one shorter.
    least = grid + (0 if dtype == "int32" else 1)
    if not least <= len(shape) <= least + 1:
        raise error_at(sizes, f"{dtype} values do not have {len(shape)} axes here")
    return str(dtype), shape


class Ends:
    """Reads what enters and leaves a model."""

    def __init__(self, values: Values, grids: Mapping[int, int]) -> None:
        """Read with what the names of nodes mean, and how many axes the grid of each of them has."""
        self.values, self.grids = values, grids

    def _end(self, tree: Item) -> tuple[str, int]:
        assert isinstance(tree, Tree)
        name, value = tree.children
        return checked_name(name or value), self.values.reference(value)

    def _one(self, braces: Item, name: str) -> Size | None:
        """The one attribute that may be in braces."""
        size = None
        for keyword, value in arguments_of(braces):
            if keyword != name:
                raise error_at(keyword or value, "unknown attribute", f"`{name}=`")
            size = self.values.size(value)
        return size

    def input(self, tree: Tree[Token]) -> Input:
        """An argument of the model."""
        end, type_, braces = tree.children
        name, block = self._end(end)
        grid = self.grids.get(block, 0)
        dtype, shape = read_type(type_, self.values, grid)
        vocabulary, feedback = self._said_of_input(braces)
        if dtype == "int32":
            return Input(name, block, shape, "int32", vocabulary, feedback)
        return Input(name, block, shape, "float32", vocabulary, feedback)

    def _said_of_input(self, braces: Item) -> tuple[Size | None, Feedback | None]:
        """How many ids there are, and what is fed back: ``{vocabulary=50, feedback=%y}``."""
        vocabulary, source, is_chosen = None, None, False
        for keyword, value in arguments_of(braces):
            if keyword == "vocabulary":
                vocabulary = self.values.size(value)
            elif keyword == "feedback":
                source = self.values.node(value)
            elif keyword == "choose":
                is_chosen = self.values.flag(value)
            else:
                expected = (f"`{name}=`" for name in ("vocabulary", "feedback", "choose"))
                raise error_at(keyword or value, "unknown attribute", *expected)
        return vocabulary, None if source is None else Feedback(source, is_chosen)

    def output(self, tree: Tree[Token]) -> Output:
        """A result of the model."""
        end, type_, braces = tree.children
        name, block = self._end(end)
        grid = self.grids.get(block, 0)
        dtype, shape = read_type(type_, self.values, grid)
        n = self._one(braces, "n")
        # A vector is one step; of a sequence all steps are counted. An id has no axis of features.
        is_sequence = len(shape) == grid + (1 if dtype == "int32" else 2)
        return Output(name, block, shape, n or (shape[0] if is_sequence else Size.of(1)))

    def state(self, tree: Tree[Token]) -> State:
        """State that passes from call to call."""
        end, type_, braces = tree.children
        name, block = self._end(end)
        grid = self.grids.get(block, 0)
        dtype, shape = read_type(type_, self.values, grid)
        part, flags, holds = 0, {"taken": False, "given": False}, Holds.STATE
        for keyword, value in arguments_of(braces):
            if keyword in flags:
                flags[str(keyword)] = self.values.flag(value)
            elif keyword == "part":
                part = self.values.integer(value)
            elif keyword == "holds":
                holds = self.values.choice(value, Holds)
            else:
                expected = (f"`{name}=`" for name in ("part", *flags, "holds"))
                raise error_at(keyword or value, "unknown attribute", *expected)
        found = State(name, block, part, shape, flags["taken"], flags["given"], holds)
        if found.dtype != dtype:
            raise error_at(type_, f"a state of this shape is {found.dtype}", f"`{found.dtype}`")
        return found
