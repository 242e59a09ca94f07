"""arguments of ``predict`` → arrays of the shapes that the picture draws: all else is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.size import Size
from seqdsl.targets.code import Assign, Code, Text, call, tuple_of
from seqdsl.targets.emit.carried import default_states

if TYPE_CHECKING:
    from seqdsl.ir.graph import Input
    from seqdsl.targets.numpy.emitter import NumpyEmitter

_NONE = Size.of(0)


def read_inputs(to: NumpyEmitter) -> None:
    """Write how the arguments become arrays: ``x = _vectors("x", x, (None, 8), self.dtype)``."""
    inputs = to.graph.inputs
    vectors = [item for item in inputs if item.vocabulary is None]
    if to.dtype != "self.dtype" and vectors:
        names = [item.name for item in vectors]
        to.assign(Text(to.dtype), call(to.function("dtype_of"), *names))
    # First the inputs whose length is a name by itself, n of (n, 8): those made of it, 2 * n, can be checked then.
    for item in sorted(inputs, key=lambda item: not _is_plain(item, to)):
        _read(item, to)
    for given in to.graph.lengths:
        read = call(to.function("numbers"), f'"{given.name}"', given.name)
        to.assign(Text(given.name), read)
    _read_states(to)


def _read_states(to: NumpyEmitter) -> None:
    """Let the states that are not given to a call be zero, and check the others."""
    for item in default_states(lambda x: call("len", x), to):
        name, shape = item.name, tuple_of(*map(to.size, item.shape))
        if item.shape:
            read = call(to.function("vectors"), f'"{name}"', name, shape, to.dtype)
        else:
            read = call(to.function("numbers"), f'"{name}"', name)
        to.assign(Text(name), read)


def _is_plain(item: Input, to: NumpyEmitter) -> bool:
    return not item.shape or any(item.shape[0] == Size.of(name) for name in to.graph.free)


def _read(item: Input, to: NumpyEmitter) -> None:
    """Write the check of one argument; the number of steps is the first of its sizes, if it has steps."""
    shape = tuple_of(*(_expected(size, to) for size in item.shape))
    if not item.shape:
        shape = tuple_of()
    name, value = f'"{item.name}"', Text(item.name)
    read: Code
    if item.vocabulary is None:
        read = call(to.function("vectors"), name, value, shape, to.dtype)
    else:
        read = call(to.function("tokens"), name, value, shape, to.size(item.vocabulary))
    to.statements.append(Assign((value,), read))
    if item.shape:
        _learn(item, to)


def _expected(size: Size, to: NumpyEmitter) -> object:
    """A size as it has to be; ``None`` where nothing before it says so."""
    # n of an input before this one is `x.shape[1]` here, so that 2 * n has to be `2 * x.shape[1]`.
    resolved = to.size(size.subs(to.lengths))
    return None if resolved.names & set(to.graph.free) else resolved


def _learn(item: Input, to: NumpyEmitter) -> None:
    """Keep what an argument's number of steps says of free lengths, or let it be one that they can give.

    ::

          P  ...  P     4, 6, 8, ... steps: the row above has one for each two
          +-+   +-+
          X X...X X
    """
    steps = item.shape[0]
    unresolved = [name for name in steps.names if name in to.graph.free and name not in to.lengths]
    if len(unresolved) != 1:
        return
    (name,) = unresolved
    if steps == Size.of(name):
        to.lengths[name] = Size.of(f"{item.name}.shape[1]")
    numbers = to.graph.defaults | to.graph.minimum
    # 2 * n + 4 steps, n at least 0: least 4, and 6 for the next n, so every 2: `_check_steps("x", x, 2, 0)`.
    least = steps.value(numbers)
    every = steps.value(numbers | {name: numbers[name] + to.graph.multiple[name]}) - least
    if every > 1:
        to.run(call(to.function("check_steps"), f'"{item.name}"', item.name, every, least % every))
