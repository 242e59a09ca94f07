"""module, and what the axes of its inputs may be → one run of it: its nodes, and where its results come from."""

from __future__ import annotations

import contextlib
import copy
import warnings
from typing import TYPE_CHECKING, Any

import torch

from seqdsl.importers.torch import inputs as given
from seqdsl.importers.torch.axes import features_axis
from seqdsl.importers.torch.calls import tensors
from seqdsl.importers.torch.draft import Draft, Result
from seqdsl.importers.torch.images import result_of_grids
from seqdsl.importers.torch.movers import SingleNumber, moves
from seqdsl.importers.torch.nodes import Refused
from seqdsl.importers.torch.table import TABLE
from seqdsl.importers.torch.trace import Trace
from seqdsl.importers.torch.weights import Weights
from seqdsl.records import record
from seqdsl.targets.torch.arranging import rebuilt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from torch import nn

    from seqdsl.importers.torch.inputs import Input
    from seqdsl.importers.torch.own_cells import OwnCells
    from seqdsl.importers.torch.taken import Taken


@record(frozen=True)
class Probe:
    """A module with all that it is run with.

    Attributes:
        module: the module; a copy of it is run.
        example: its arguments, some of which are tensors; a dictionary: by name.
        inputs: the tensors among them.
        batch: with how many samples it is run.
        cells: the cells of its own; ``None``: what computes is read call by call.
    """

    module: nn.Module
    example: Any
    inputs: Sequence[Input]
    batch: int
    cells: OwnCells | None = None


class Failed(Exception):
    """The module raises an error when it is run on a probe."""


def run_probe(probe: Probe, axes: Sequence[str], lengths: Mapping[str, int]) -> Draft:
    """Run a module once.

    Args:
        probe: the module.
        axes: what the axes of each input are.
        lengths: how long its free lengths are.

    Raises:
        Failed: the module cannot be run so.
        Refused: a result is no value.
    """
    # Labels are of single precision, whatever the precision of the module is.
    module = copied(probe.module).float().eval()
    has_samples = any("b" in item or item == given.LENGTHS for item in axes)
    # A model without an axis of samples takes one sample.
    trace = Trace(Weights(module), probe.batch if has_samples else 1, TABLE, moves)
    nodes, tensors_of = given.begin(trace, probe.inputs, axes, lengths)
    arguments = rebuilt(probe.example, iter(tensors_of))
    if probe.cells is not None:
        probe.cells.follow(module, trace)
    try:
        with torch.no_grad(), warnings.catch_warnings(), _followed(module, trace), trace:
            # How fast PyTorch runs what it is given here is nobody's concern.
            warnings.simplefilter("ignore")
            result = _called(module, arguments)
    except SingleNumber as problem:
        raise Failed(str(problem)) from problem
    except Exception as problem:
        # The code of the model is the user's: it may raise anything.
        raise Failed(f"{type(problem).__name__}: {problem}") from problem
    results = [_result(trace, value) for value in tensors(result)]
    draft = Draft(trace.nodes.all, results, [node.index for node in nodes])
    draft.differences = tuple(trace.differences)
    return draft


def copied(module: nn.Module) -> nn.Module:
    """A copy whose weights may be overwritten.

    Raises:
        Failed: there is none, as of a module that keeps what it computed last.
    """
    try:
        return copy.deepcopy(module)
    except (RuntimeError, TypeError, AttributeError) as problem:
        raise Failed(f"it cannot be copied: {problem}") from problem


def _called(module: nn.Module, arguments: Any) -> Any:
    # By name if the example is.
    if isinstance(arguments, dict):
        return module(**arguments)
    return module(*arguments)


@contextlib.contextmanager
def _followed(module: nn.Module, trace: Trace) -> Iterator[None]:
    """Tell a trace which modules are running."""
    hooks = []
    for path, inner in module.named_modules():
        pair = (path, inner)

        def enter(_module: nn.Module, _args: Any, pair: tuple[str, nn.Module] = pair) -> None:
            trace.modules.append(pair)

        def leave(_module: nn.Module, _args: Any, _result: Any) -> None:
            trace.modules.pop()

        hooks += [inner.register_forward_pre_hook(enter), inner.register_forward_hook(leave)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _result(trace: Trace, value: torch.Tensor) -> Result:
    ids = trace.read(value)
    if not (ids >= 0).any():
        raise Refused("a result of the model does not depend on its inputs")
    of_grids = result_of_grids(trace, ids)
    if of_grids is not None:
        return of_grids
    taken: Taken = trace.take(value, features_axis(trace.nodes, ids, trace.batch))
    return Result(taken.rows, is_vector=taken.steps == 1)
