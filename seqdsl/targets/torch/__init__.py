"""model specification → PyTorch source: an ``nn.Module``, batch first."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from seqdsl.ir.direction import Direction
from seqdsl.layers import is_recurrent
from seqdsl.model.undrawn import specification
from seqdsl.passes.fed_alone import without_fed_alone
from seqdsl.passes.inline_calls import looped_layers, write_out_loops
from seqdsl.passes.loop_bodies import loop_bodies
from seqdsl.passes.loop_phases import cut_loops
from seqdsl.passes.shared_rnn_calls import batch_chains
from seqdsl.passes.stacked_rnn import stack_rows
from seqdsl.passes.stepped_calls import bodies_of
from seqdsl.size import Size
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Text,
    attributes_of,
    call,
    lines,
    paths,
    roots,
    subscripted,
)
from seqdsl.targets.emit.called import CalledClasses
from seqdsl.targets.emit.carried import zero_states
from seqdsl.targets.emit.generation import statements_of
from seqdsl.targets.emit.loop_notes import loop_notes
from seqdsl.targets.emit.loops import loop_writer
from seqdsl.targets.emit.outputs import name_outputs
from seqdsl.targets.emit.render import environment, example, frame, laid_out, macros
from seqdsl.targets.target import Target
from seqdsl.targets.torch.axes import IMAGE
from seqdsl.targets.torch.called import hold
from seqdsl.targets.torch.cells import has_own_cell, runs_equations
from seqdsl.targets.torch.emitter import TorchEmitter
from seqdsl.targets.torch.free_run import (
    generation,
    is_functional,
    phases_of,
    write_free_run,
    write_step,
)
from seqdsl.targets.torch.layers import attributes, cells
from seqdsl.targets.torch.loops import STEPS
from seqdsl.targets.torch.operations import forward
from seqdsl.targets.torch.own_attention import STEPWISE, WITH_FUNCTIONS
from seqdsl.targets.torch.state_dict import attribute_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.ir.ends import Lengths
    from seqdsl.ir.graph import Graph, Node, State
    from seqdsl.model.spec import ModelSpec
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.generated import Generation, Method
    from seqdsl.targets.notes import Module

TARGET = Target(
    "torch",
    "PyTorch",
    __name__,
    extra="torch",
    weight_files=(".pt", ".pth", ".safetensors"),
    aliases=("pytorch",),
    unnamed=("sequential",),
)
RUNS_LOOPS = True
_PACKING = ("pack_padded_sequence", "pad_packed_sequence")


def write(graph: Graph) -> Module:
    """The PyTorch source of a graph; of one that is drawn, with its picture."""
    spec = specification(graph)
    classes, phases = CalledClasses(_called, {spec.class_name}, spec), phases_of(spec, _prepared)
    applied = () if phases is None else (*phases.once.blocks, *phases.step.blocks)
    classes.phases = dict(bodies_of(phases))
    for inner in classes.phases.values():
        applied += inner.step.blocks
    # Pictures that are called share the classes of cells: these do what any of them needs.
    for body in spec.called.values():
        applied += _prepared(body).blocks
    applied += _prepared(spec).blocks if spec.called else ()
    models = (*spec.called.values(), spec) if spec.called else ()
    looped = tuple(
        layer for model in models for layer in looped_layers(model) if is_recurrent(layer.kind)
    )
    emitter = partial(TorchEmitter, called=classes, applied=applied, looped=looped)
    return _class(spec, spec.class_name, "module", emitter, phases)


def _called(graph: Graph, name: str, caller: TorchEmitter) -> Module:
    """The class of a graph that another one calls; its functions are those of the caller's module."""
    spec = specification(graph)
    return _class(spec, name, "class", caller.within, caller.called.phases.get(spec.name))


def _class(
    spec: ModelSpec,
    name: str,
    template: str,
    emitter: Callable[..., TorchEmitter],
    phases: Phases | None = None,
) -> Module:
    """A class of a name, by itself or in a module of its own."""
    written = write_out_loops(spec, stack_rows)
    rows = {block.layer.name: block.index for block in written.spec.blocks if block.layer}
    drawn = _prepared(written.spec)
    spec, loops = loop_bodies(cut_loops(without_fed_alone(drawn)))
    to = emitter(spec, rows=rows)
    for node, *_ in written.calls.values():
        hold(node, to)
    forward(spec, to, loop_writer(loops, STEPS))
    zeros = _zero_states(to)
    run = write_step(phases, to) if template == "class" else write_free_run(phases, to)
    read = paths([*to.statements, *zeros, *statements_of(run)])
    to.texts += cells(to, replace(spec, nodes=(*spec.nodes, *to.applied)))
    # self.lstm = nn.LSTM(...) where `forward`, the first states or `generate` read self.lstm, and for nothing else.
    made = attributes(to, attributes_of("self", read))
    to.roots |= roots(read)
    if any(has_own_cell(item) and not runs_equations(item) for item in to.used.values()):
        to.flags.add("own cells")
    return frame(
        environment().get_template(f"torch/{template}.py.j2"),
        spec,
        loop_notes(to.noted(), replace(written, spec=drawn), loops, "a `for` over steps"),
        builder=made,
        forward=to.statements,
        channels_first=True,
        class_name=name,
        attributes=_lines(made),
        body=_lines(to.statements),
        generation=generation(run),
        examples=[
            (item.name, example(item, spec, _kept(spec, made), channels_first=True))
            for item in spec.inputs
        ],
        lengths=[(item.name, _steps(item, spec, made)) for item in spec.lengths],
        takes=[
            *(f"{item.name}: Tensor" for item in (*spec.arguments, *spec.masks)),
            *(f"{item.name}: Tensor | None = None" for item in spec.taken),
        ],
        gives=_gives(len(spec.outputs) + len(spec.given)),
        zero_states=_lines(zeros),
        gives_zeros=subscripted("tuple", *["Tensor"] * len(spec.taken)),
        **(_module(to, run) if template == "module" else {}),
    )


def _prepared(spec: ModelSpec) -> ModelSpec:
    """A model in the forms that PyTorch has idioms for."""
    return name_outputs(stack_rows(batch_chains(spec)))


def _module(to: TorchEmitter, run: Generation | Method | None) -> dict[str, Any]:
    """What a module has beside its last class, for all of its classes."""
    # Functions of cells of a file are beside the classes that call them.
    found = {**vars(macros("torch", "declared")), **vars(macros("torch", "helpers"))}
    helpers = [
        str(found[name](sorted(to.packed), **_options(name, run, to))).strip()
        for name in _ordered(to.functions)
    ]
    # The classes of recurrent layers call its functions, too.
    functional = any("F." in text for text in to.texts)
    functional = functional or bool(WITH_FUNCTIONS & to.functions) or "F" in to.roots
    return {
        # Two pictures may run one class of cells.
        "cells": list(dict.fromkeys(to.texts)),
        "any": bool(to.flags),
        "helpers": helpers,
        "needed": to.functions,
        "functional": functional or is_functional(run),
        "packing": _packing(to, to.roots),
        "classes": to.called.texts,
    }


def _kept(spec: ModelSpec, made: Sequence[Statement]) -> dict[str, Size]:
    """Where a built model keeps its parameters, by name."""
    attributes = {item.targets[0] for item in made if isinstance(item, Assign)}
    return {
        item.name: Size.of(f"model.{name}")
        for item in spec.parameters
        if Attribute(Text("self"), name := attribute_name(item.name)) in attributes
    }


def _steps(item: Lengths, spec: ModelSpec, made: Sequence[Statement]) -> Size:
    """How many steps the example of an input has."""
    counted = next(one for one in spec.inputs if one.block == item.block)
    sizes: tuple[Size, ...] = example(counted, spec, _kept(spec, made))["sizes"]
    return sizes[1]


def _zero_states(to: TorchEmitter) -> list[Statement]:
    """The statement of ``zero_states``, where it is needed."""

    def zero(item: State) -> Code:
        dtype = {} if item.dtype == "float32" else {"dtype": f"torch.{item.dtype}"}
        return call("weight.new_zeros", "batch", *map(to.size, laid_out(item, to.graph)), **dtype)

    return zero_states(to.graph, zero)


def _packing(to: TorchEmitter, read: set[str]) -> list[str]:
    """The functions for packed sequences that the module calls; one of its own calls both."""
    return [name for name in _PACKING if name in read or "run_valid" in to.functions]


def _lines(statements: Sequence[Statement]) -> str:
    return "\n".join([line for statement in statements for line in lines(statement, 8)])


def _ordered(helpers: set[str]) -> list[str]:
    """The names of the helpers, those that others call first."""
    return sorted(
        helpers, key=lambda name: (name in ("run_valid", "last_valid", "last_valid_grid"), name)
    )


def _options(name: str, run: Generation | Method | None, to: TorchEmitter) -> dict[str, bool]:
    """What the text of a helper is made with: some have a method more where they are called step by step."""
    if name == "BothWays" and any(_is_both_over_images(node) for node in to.graph.nodes):
        return {"images": True}
    if name == "SinePositions" and to.numbered:
        return {"numbered": True}
    is_stepwise = name in to.stepwise or (run is not None and name in STEPWISE)
    return {"stepwise": True} if is_stepwise else {}


def _is_both_over_images(node: Node) -> bool:
    return node.direction is Direction.BIDIRECTIONAL and len(node.grid) == IMAGE


def _gives(outputs: int) -> Code:
    return Text("Tensor") if outputs == 1 else subscripted("tuple", *["Tensor"] * outputs)
