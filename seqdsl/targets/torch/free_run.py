"""free run → methods of the module: ``encode``, computed once, ``decode`` for each piece, and ``generate``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.free_members import Keeps
from seqdsl.ir.layers import gives_ids
from seqdsl.ir.operations import Attend, Scan
from seqdsl.targets.code import Attribute, Text, call, flat, method, tuple_of
from seqdsl.targets.emit.block_steps import apply_step, block_step, steps_of_calls
from seqdsl.targets.emit.feeding import Fed
from seqdsl.targets.emit.free_run import FreeWriting, write_phases
from seqdsl.targets.emit.generated import Generation, Method, MethodWriting
from seqdsl.targets.emit.generation import write_generation
from seqdsl.targets.emit.kept_attention import is_kept, name_pasts
from seqdsl.targets.emit.masks import last_valid_of
from seqdsl.targets.emit.phases import split
from seqdsl.targets.emit.render import laid_out, macros
from seqdsl.targets.emit.several import Several
from seqdsl.targets.torch.called import called_module, read_by_call
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
    once, step = (_emitter(item, to, phases) for item in (phases.once, phases.step))
    run = write_generation(phases, once, step, _HOW)
    to.functions |= {chooser(item) for item in run.fed if item.is_id}
    return replace(
        run,
        encode=run.encode and _typed(run.encode),
        decode=_typed(run.decode),
        # `units + 1` of the builder is `self.units + 1` in a method.
        limits=tuple((name, step.size(size)) for name, size in run.limits),
    )


def write_step(phases: Phases | None, to: TorchEmitter) -> Method | None:
    """The method of a picture that is called, for a piece; ``None`` if it does not go on by itself.

    Args:
        phases: the phases of the picture.
        to: what was written of it.
    """
    if phases is None:
        return None
    once, step = (_emitter(item, to, phases) for item in (phases.once, phases.step))
    written = write_phases(phases, once, step, _HOW.phases)
    made, to.called.steps[phases.whole.name] = block_step("decode", phases, written, step, _HOW)
    if "Any" in "".join(made.takes):
        to.flags.add("any type")
    return _typed(made)


def _typed(method: Method) -> Method:
    """A method whose result has its type for a type checker, too."""
    return replace(method, statements=with_type(method.statements, flat(method.gives)))


def is_functional(run: Generation | Method | None) -> bool:
    """Whether ``generate`` calls functions of ``torch.nn.functional``: for one-hot codes."""
    return isinstance(run, Generation) and any(item.how is Fed.ONE_HOT for item in run.fed)


def generation(run: Generation | Method | None) -> str:
    """The text of the methods, or of the one of a picture that is called."""
    if run is None:
        return ""
    if isinstance(run, Method):
        return str(macros("torch", "free_run").block(run)).rstrip()
    choosers = [chooser(item) for item in run.fed]
    several = ""
    if len(choosers) > 1:
        several = str(macros("torch", "free_several").generate(Several.of(run), choosers)).rstrip()
    return str(macros("torch", "free_run").methods(run, choosers[0], several)).rstrip()


def chooser(fed: Feeding) -> str:
    """The function of the module that chooses ids."""
    return "choose_probable" if fed.is_probability else "choose_id"


def _emitter(spec: ModelSpec, to: TorchEmitter, phases: Phases) -> TorchEmitter:
    """An emitter that adds to the layers and functions of another one."""
    # `encode` and `decode` call the layers that `forward` has: nothing is trained twice.
    made = TorchEmitter(spec, rows=to.rows, numbered=to.numbered, called=to.called)
    made.used, made.stacks, made.packed = to.used, to.stacks, to.packed
    made.functions, made.paddings, made.parts = to.functions, to.paddings, to.parts
    made.call_steps = steps_of_calls(phases, to.called.steps)
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


def _last_valid(node: Block, mask: Code, before: Code | None, to: TorchEmitter) -> Code:
    """The value of a node whose padded steps are what was last valid."""
    to.function("take_steps")
    start = () if before is None else (before,)
    function = to.function(last_valid_of(node.grid))
    return call(function, to.values[node.index], mask, *start)


def _operation(node: Block, to: TorchEmitter) -> None:
    """Write a node; one that is called with what it keeps has a method for that."""
    if node.index not in to.call_steps:
        operation(node, to)
        return
    module, block = called_module(node, to), to.call_steps[node.index]
    apply_step(node, Attribute(module, block.name), [read_by_call(node, to)], to)


_HOW = MethodWriting(
    "Tensor",
    _kind,
    FreeWriting(
        _operation,
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
