"""module that computes one step of a recurrence by itself → a cell of the picture's file, by equations.

No class is known by its name: a module is a cell if it gives states like those that it takes, and if all that it
computes of them can be written as equations. Such modules are called once more on numbers of columns
(`seqdsl.importers.torch.cell_trace`), and are one row of the picture where a loop calls them.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from seqdsl.importers import draws
from seqdsl.importers.cells.arithmetic import Features, NoCell, refused, refused_in_training
from seqdsl.importers.cells.called import as_name, local_names
from seqdsl.importers.cells.own import computed_last, named, stepped
from seqdsl.importers.cells.values import Leaf, Values
from seqdsl.importers.identifiers import snake_case
from seqdsl.importers.reading import Unread
from seqdsl.importers.torch import cell_rows
from seqdsl.importers.torch.calls import tensors
from seqdsl.importers.torch.cell_forms import forms, goes_step_by_step, parts_of, waits
from seqdsl.importers.torch.cell_masks import Mask, without_masks
from seqdsl.importers.torch.cell_operations import READERS
from seqdsl.importers.torch.cell_rows import OwnCell
from seqdsl.importers.torch.cell_trace import CellTrace
from seqdsl.importers.torch.cell_weights import CellWeights
from seqdsl.importers.torch.nodes import Refused
from seqdsl.importers.torch.randomness import drawing
from seqdsl.runtime.scattered_weights import scattered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seqdsl.importers.cells.own import Stepped
    from seqdsl.importers.torch.cell_forms import Form
    from seqdsl.importers.torch.trace import Trace

_KNOWN = (nn.RNNBase, nn.RNNCellBase, nn.MultiheadAttention, nn.TransformerEncoderLayer)
"""Layers that are read as they are, wherever they are called."""


def has_states(module: nn.Module) -> bool:
    """Whether a module may be given states beside what it reads."""
    return len(inspect.signature(module.forward).parameters) > 1


def candidates(module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """The modules of a model that may be cells: those of its author's classes that call no others of these."""
    for path, inner in module.named_modules():
        within = list(inner.modules())[1:]
        is_own = path and not type(inner).__module__.startswith("torch.")
        if not is_own or any(isinstance(item, _KNOWN) for item in within):
            continue
        if all(type(item).__module__.startswith("torch.") for item in within):
            yield path, inner


class OwnCells:
    """The cells of one model.

    Attributes:
        texts: the texts of cells, by their names.
        problems: why modules that look like cells are none, by their paths.
        turned: of cells that seem to read their state, which other tensor of a call they may read.
    """

    def __init__(self, module: nn.Module, first: Mapping[str, int] | None = None) -> None:
        """Begin without any; ``first`` has `turned` of a reading before."""
        self.module, self._first = module, first or {}
        self.turned: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.problems: dict[str, NoCell] = {}
        self._found: dict[Any, OwnCell | None] = {}
        self._cells: dict[str, OwnCell | None] = {}

    def follow(self, copied: nn.Module, trace: Trace) -> None:
        """Read calls of the cells of a copy of the model, in a run, as those of rows."""
        for path, inner in list(candidates(copied)):
            inner.forward = self._forward(path, inner.forward, trace)

    def _forward(self, path: str, forward: Any, trace: Trace) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            bound = inspect.signature(forward).bind(*args, **kwargs)
            # All arguments in their order: `cell(x, mask=mask)` is given no state, and a mask behind it.
            bound.apply_defaults()
            given = without_masks(trace, bound.args)
            # What is asked of a cell has its place: what can only be given by name could decide anything.
            if bound.kwargs.keys() & kwargs.keys():
                return forward(*args, **kwargs)
            with _off(trace):
                own = self._cell(path, given, trace.batch)
                result = None if own is None else forward(*args, **kwargs)
            if own is None:
                return forward(*args, **kwargs)
            try:
                # What reads labels moves them as well: it is not the model's.
                with _off(trace):
                    turned = cell_rows.state_read(trace, own, given)
                    self.turned.update({} if turned is None else {path: turned})
                    return cell_rows.run(trace, own, given, result, trace.padding_of(bound.args))
            except Refused as problem:
                # The next calls read what is left of this one.
                self.problems.setdefault(path, NoCell(f"{_WORDS}: {problem}", problem.way))
                return forward(*args, **kwargs)

        return called

    def explain(self, unread: Sequence[Unread]) -> tuple[Unread, ...]:
        """What cannot be read; instead of the first operation of a module, why the module is no cell."""
        told: dict[str, Unread] = {}
        for number, item in enumerate(unread):
            # A problem of the whole model may be due to any of its cells.
            is_whole = item.name == "forward" and item.kind == type(self.module).__name__
            path = next(
                (
                    path
                    for path in self.problems
                    if is_whole or f"{item.name}.".startswith(f"{path}.")
                ),
                "",
            )
            if not path:
                told[str(number)] = item
                continue
            kind, problem = type(self.module.get_submodule(path)).__name__, self.problems[path]
            told.setdefault(path, Unread(path, kind, problem.reason, item.line, problem.way))
        return tuple(told.values())

    def _cell(self, path: str, args: tuple[Any, ...], batch: int) -> OwnCell | None:
        shown = path, _shown(args)
        if shown not in self._found:
            self._found[shown] = self._read(path, args, batch)
        own = self._found[shown]
        # cell(x, h, t) may be another cell at every second step, with the same weights.
        first = self._cells.setdefault(path, own)
        if own is not None and first is not None and own.step != first.step:
            self.problems[path] = refused("which other arguments than tensors change")
            raise Refused(self.problems[path].reason, self.problems[path].way)
        return own

    def _read(self, path: str, args: tuple[Any, ...], batch: int) -> OwnCell | None:
        """A cell that is called so; ``None``: there is none."""
        module = copy.deepcopy(self.module.get_submodule(path)).double().eval()
        while args and args[-1] is None:
            args = args[:-1]
        with _double():
            for form in _tried(forms(module, args, batch, self._first.get(path, 0))):
                try:
                    return self._of_form(path, module, form)
                except NoCell as problem:
                    self.problems.setdefault(path, problem)
        return None

    def _of_form(self, path: str, module: nn.Module, form: Form) -> OwnCell | None:
        # Its parameters are overwritten with numbers of their own; `module` itself is run on numbers below.
        copied = copy.deepcopy(module)
        weights = CellWeights(copied)
        made = _settled(copied, form)
        if made is None:
            return None
        if not _is_same_in_training(copied, form, made):
            raise refused_in_training()
        if form.is_run and not goes_step_by_step(module, form):
            raise refused("which does not do the same at each step")
        if not waits(module, form):
            raise refused("whose mask does something other than let its states wait", _WAIT)
        if made.known is not None:
            # Gates that keep their weights in different ways are equations.
            with contextlib.suppress(NoCell):
                places = {name: weights.beside(parts, path) for name, parts in made.known.held}
                known = made.known.word, made.known.arguments, scattered(places)
                return OwnCell(path, *known, form.is_run, form.inner, made, form.at)
        places = {name: weights.placed(held, path) for name, held in made.held}
        word = named(self.texts, (), made.cell, snake_case(type(module).__name__))
        arguments = {"_0": made.features}
        return OwnCell(
            path, word, arguments, scattered(places), form.is_run, form.inner, made, form.at
        )


_WORDS = "it runs a cell of its own"
_WAIT = (
    "let all its states be what they were where a step is padding: `h = torch.where(valid, new, h)`"
)


def _tried(found: Iterator[Form]) -> Iterator[Form]:
    """The forms of a call, as long as the module can be called so."""
    while True:
        try:
            yield next(found)
        except StopIteration:
            return
        # The code of a model may raise any of these where it is called in another way than it expects.
        except (RuntimeError, ValueError, TypeError, IndexError, AttributeError, KeyError):
            return


def _shown(value: Any) -> Any:
    """What tells calls apart: the shapes of tensors, and all that may decide what is done with them."""
    if isinstance(value, torch.Tensor):
        return value.shape[1:]
    if isinstance(value, list | tuple):
        return tuple(map(_shown, value))
    if isinstance(value, dict):
        return tuple((name, _shown(item)) for name, item in value.items())
    if isinstance(value, Mask):
        return value.shape[1:], value.dtype, value.is_padding
    is_plain = value is None or isinstance(value, bool | int | float | str)
    return (type(value), value if is_plain else None)


def _settled(module: nn.Module, form: Form) -> Stepped | None:
    """What a module computes in one step, whatever numbers it draws."""
    with drawing(draws.FIRST, module) as drawn:
        made = _traced(module, form)
    for chosen in draws.OTHERS if drawn.any else ():
        with drawing(chosen, module):
            if _traced(module, form) != made:
                raise refused("which depends on a number that it draws at random")
    return made


def _is_same_in_training(module: nn.Module, form: Form, made: Stepped) -> bool:
    """Whether a module computes the same while it is trained; what cannot be read is something else."""
    try:
        return _settled(module.train(), form) == made
    except NoCell:
        return False


def _traced(module: nn.Module, form: Form) -> Stepped | None:
    """What a module computes in one step; ``None``: it is not called so."""
    values = Values()
    axis = -1 - form.inner
    sizes = [item.shape[axis] for item in form.tensors]
    leaves = [values.add(Leaf(f"state {at}"), size) for at, size in enumerate(sizes[1:])]
    read = values.add(Leaf("x"), sizes[0])
    trace = CellTrace(values, form.inner, READERS)
    made = [
        trace.numbered((leaf,), tuple(item.shape))
        for leaf, item in zip([read, *leaves], form.tensors, strict=True)
    ]
    try:
        with torch.no_grad(), trace, local_names(type(module), "forward") as local:
            result = module(*form.with_tensors(made))
    except NoCell:
        raise
    # The code of a model may raise anything on such numbers.
    except Exception as problem:
        raise refused(f"which cannot be followed: {type(problem).__name__}: {problem}") from problem
    parts = parts_of(result, form.states)
    if parts is None:
        return None
    found = [trace.read(item) for item in parts]
    if not all(isinstance(item, Features) for item in found):
        raise refused("which gives something other than what it computes")
    if len(list(tensors(result))) == len(form.states) and not form.is_run:
        found[0] = computed_last(values, found[1:])
    return stepped(values, leaves, found, _called(trace, local))


def _called(trace: CellTrace, local: Mapping[str, Any]) -> dict[int, str]:
    """The names that the code of a cell has for its values."""
    found: dict[int, str] = {}
    for name, item in local.items():
        word = as_name(name)
        with contextlib.suppress(NoCell):
            value = trace.read(item) if word and isinstance(item, torch.Tensor) else None
            if isinstance(value, Features) and len(value.parts) == 1:
                found.setdefault(value.parts[0], word)
    return found


@contextlib.contextmanager
def _off(trace: Trace) -> Iterator[None]:
    """Run calls without following them."""
    trace.is_off, before = True, trace.is_off
    try:
        yield
    finally:
        trace.is_off = before


@contextlib.contextmanager
def _double() -> Iterator[None]:
    """Make double precision the default, which the numbers of columns need."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        with torch.no_grad():
            yield
    finally:
        torch.set_default_dtype(before)
