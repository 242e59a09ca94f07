"""free run → methods of the module: ``encode``, computed once, ``decode`` for each piece, and ``generate``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.free_members import Keeps
from seqdsl.ir.layers import gives_ids
from seqdsl.ir.operations import Attend, Scan
from seqdsl.targets.code import Text, call, flat, method, tuple_of
from seqdsl.targets.emit.feeding import Fed
from seqdsl.targets.emit.free_run import FreeWriting
from seqdsl.targets.emit.generated import MethodWriting
from seqdsl.targets.emit.generation import write_generation
from seqdsl.targets.emit.kept_attention import is_kept, name_pasts
from seqdsl.targets.emit.phases import split
from seqdsl.targets.emit.render import laid_out, macros
from seqdsl.targets.emit.several import Several
from seqdsl.targets.torch.cells import has_parts
from seqdsl.targets.torch.emitter import TorchEmitter
from seqdsl.targets.torch.expressions import emit
from seqdsl.targets.torch.kept_attention import project_once
from seqdsl.targets.torch.masks import SPELLING, emit_ids
from seqdsl.targets.torch.operations import operation
from seqdsl.targets.torch.result import with_type
from seqdsl.targets.torch.scan import initial_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code
    from seqdsl.targets.emit.feeding import Feeding
    from seqdsl.targets.emit.generated import Generation, Method


def phases_of(spec: ModelSpec, prepare: Callable[[ModelSpec], ModelSpec]) -> Phases | None:
    """The phases of a free run; ``None`` if there is none.

    Args:
        spec: the model.
        prepare: what is made of each model before it is written.
    """
    return split(prepare(spec), prepare, frozenset(Keeps))


def write_free_run(phases: Phases | None, to: TorchEmitter) -> Generation | None:
    """The methods of a free run; ``None`` if there is none.

    Args:
        phases: what is computed once, and what for each piece.
        to: what was written of the model; the layers and functions that the methods need are added.
    """
    if phases is None:
        return None
    once, step = (_emitter(item, to) for item in (phases.once, phases.step))
    run = write_generation(phases, once, step, _HOW)
    to.functions |= {chooser(item) for item in run.fed if item.is_id}
    return replace(
        run,
        encode=run.encode and _typed(run.encode),
        decode=_typed(run.decode),
        # `units + 1` of the builder is `self.units + 1` in a method.
        limits=tuple((name, step.size(size)) for name, size in run.limits),
    )


def _typed(method: Method) -> Method:
    """A method whose result has its type for a type checker, too."""
    return replace(method, statements=with_type(method.statements, flat(method.gives)))


def is_functional(run: Generation | None) -> bool:
    """Whether ``generate`` calls functions of ``torch.nn.functional``: for one-hot codes."""
    return run is not None and any(item.how is Fed.ONE_HOT for item in run.fed)


def generation(run: Generation | None) -> str:
    """The text of the methods."""
    if run is None:
        return ""
    choosers = [chooser(item) for item in run.fed]
    several = ""
    if len(choosers) > 1:
        several = str(macros("torch", "free_several").generate(Several.of(run), choosers)).rstrip()
    return str(macros("torch", "free_run").methods(run, choosers[0], several)).rstrip()


def chooser(fed: Feeding) -> str:
    """The function of the module that chooses ids."""
    return "choose_probable" if fed.is_probability else "choose_id"


def _emitter(spec: ModelSpec, to: TorchEmitter) -> TorchEmitter:
    """An emitter that adds to the layers and functions of another one."""
    # `encode` and `decode` call the layers that `forward` has: nothing is trained twice.
    made = TorchEmitter(spec, rows=to.rows, numbered=to.numbered, called=to.called)
    made.used, made.stacks, made.packed = to.used, to.stacks, to.packed
    made.functions, made.paddings, made.parts = to.functions, to.paddings, to.parts
    return made


def _kind(node: Node) -> str:
    """The type of a node's state."""
    # Not `tuple[Tensor, Tensor]`: one that is made of both directions' is a tuple of any length to type checkers.
    is_tuple = isinstance(node.operation, Scan) and has_parts(node)
    return "tuple[Tensor, ...]" if is_tuple else "Tensor"


def _begin(node: Block, to: TorchEmitter) -> Code:
    assert node.initial is not None
    return initial_state(node, node.initial, to)


def _zeros(name: str, node: Node, is_optional: bool, to: TorchEmitter) -> None:
    """What a convolution, or a loop, reads before its first step."""
    # As in `forward`, where the zeros are padding: of the first steps a causal window reads nothing else.
    state = next(item for item in to.graph.states if item.block == node.index)
    shape = tuple_of(
        f"{to.graph.inputs[0].name}.shape[0]", *map(to.size, laid_out(state, to.graph))
    )
    weight: Code = call("next", call("self.parameters"))
    # Ids are whole numbers.
    if gives_ids(node.kind):
        weight = method(weight, "new_empty", 0, dtype="torch.long")
    if is_optional:
        to.assign(Text(name), call(to.function("or_zeros"), name, weight, shape))
    else:
        to.assign(Text(name), method(weight, "new_zeros", shape))


def _project(node: Block, to: TorchEmitter) -> None:
    """Project what an attention reads, if it projects it at all."""
    assert isinstance(node.operation, Attend)
    if is_kept(node, to):
        project_once(node, node.operation, to)


def _last_valid(value: Code, mask: Code, before: Code | None, to: TorchEmitter) -> Code:
    """A value whose padded steps are what was last valid."""
    to.function("take_steps")
    start = () if before is None else (before,)
    return call(to.function("last_valid"), value, mask, *start)


_HOW = MethodWriting(
    "Tensor",
    _kind,
    FreeWriting(
        operation,
        _begin,
        _zeros,
        emit,
        emit_ids,
        SPELLING,
        _last_valid,
        ":, -1",
        _project,
        name_pasts,
    ),
    past="Past",
    channels_first=True,
)
