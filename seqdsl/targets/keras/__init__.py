"""model specification → Keras 3 source: `Sequential` for a chain of layers, else functional."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from seqdsl.model.undrawn import specification
from seqdsl.passes.fed_alone import without_fed_alone
from seqdsl.passes.inline_calls import write_out_loops
from seqdsl.passes.loop_bodies import loop_bodies
from seqdsl.passes.loop_phases import cut_loops
from seqdsl.passes.shared_rnn_calls import batch_chains
from seqdsl.targets.code import (
    Return,
    Run,
    call,
    item_lines,
    lines,
    listing,
    paths,
    roots,
    tuple_of,
)
from seqdsl.targets.emit.called import CalledClasses, draws_within
from seqdsl.targets.emit.carried import counts_on
from seqdsl.targets.emit.loop_notes import loop_notes
from seqdsl.targets.emit.outputs import name_outputs
from seqdsl.targets.emit.render import environment, frame, macros
from seqdsl.targets.keras.apart import find_apart
from seqdsl.targets.keras.called import model_of
from seqdsl.targets.keras.chain import Chain
from seqdsl.targets.keras.emitter import KerasEmitter
from seqdsl.targets.keras.facts import model_name, options_of
from seqdsl.targets.keras.free_run import generation, write_free_run
from seqdsl.targets.keras.layers import WITHOUT_OPS
from seqdsl.targets.keras.loops import loop_writer
from seqdsl.targets.keras.masks import hand_masks_on
from seqdsl.targets.keras.operations import functional

# `seqdsl.targets.keras.keeping` is a module, which takes that name in this package once it is imported.
from seqdsl.targets.keras.stateful import keeping as with_kept_state
from seqdsl.targets.keras.stateful import keeping_nodes
from seqdsl.targets.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.ir.graph import Graph
    from seqdsl.model.spec import ModelSpec
    from seqdsl.passes.loop_body import Body
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.notes import Module

TARGET = Target(
    "keras",
    "Keras",
    __name__,
    extra="keras",
    weight_files=(".keras", ".weights.h5"),
    aliases=("tensorflow", "tf", "tf.keras"),
    unnamed=("functional", "model", "sequential"),
)
RUNS_LOOPS = True


def write(graph: Graph) -> Module:
    """The Keras source of a graph; of one that is drawn, with its picture."""
    spec = specification(graph)
    runs_free = any(item.feedback is not None for item in spec.inputs)
    called = CalledClasses(_called, {"build_model"}, spec, runs_free=runs_free)
    return _builder(spec, "build_model", partial(KerasEmitter, called=called))


def _called(graph: Graph, name: str, caller: KerasEmitter) -> Module:
    """The function that builds a graph which another one calls; its functions are those of the caller's module."""
    spec = specification(graph)
    label = f'name: str = "{model_name(spec)}"'
    return _builder(spec, name, partial(caller.within, label="name"), label)


def _builder(
    whole: ModelSpec, name: str, emitter: Callable[[ModelSpec], KerasEmitter], label: str = ""
) -> Module:
    """A function that builds a model, in a module of its own or, with a ``label``, by itself."""
    # What a loop draws is drawn before it, for all of its steps.
    written = write_out_loops(whole, each=draws_within)
    drawn = _prepared(written.spec)
    spec, loops = loop_bodies(cut_loops(without_fed_alone(drawn)))
    to = emitter(spec)
    to.callers, to.inner = written.calls, written.origins
    to.outside = find_apart(spec, loops, to)
    for path in to.outside:
        model_of(to.callers[path][0], to)
    statements, body = _statements(spec, loops, to)
    to.called.held[name] = to.held
    run = write_free_run(drawn, to, _prepared)
    zeros, stateful = _zero_states(spec), _stateful(spec, loops, to)
    to.roots |= roots(paths([*statements, *zeros]))
    options = [label] if label else ["stateful: int | None = None"] if stateful else []
    return frame(
        environment().get_template(f"keras/{'builder' if label else 'module'}.py.j2"),
        spec,
        loop_notes(
            to.notes, replace(written, spec=drawn), loops, "a layer of its own with `ops.scan`"
        ),
        builder=statements,
        builder_name=name,
        options=options,
        body="\n".join(body),
        generation="\n\n\n".join([*to.called.functions, generation(run)]),
        zero_states=_text(zeros),
        stateful=_text(stateful),
        zero_signature=_signature(spec, zeros),
        **({} if label else _module(to, run)),
    )


def _prepared(spec: ModelSpec) -> ModelSpec:
    """A model in the forms that Keras has idioms for."""
    return name_outputs(batch_chains(spec))


def _statements(
    spec: ModelSpec, loops: Mapping[int, Body], to: KerasEmitter
) -> tuple[Sequence[Statement], Sequence[str]]:
    """What builds a model, as statements and as lines: a list of layers where it is a chain of them."""
    chain = Chain(to)
    layers = None if loops else chain.layers()
    if layers is None:
        # Not by the chain's emitter: its notes are of layers that are not written after all.
        functional(to, loop_writer(loops, to.texts))
        if to.masks:
            hand_masks_on(to)
        return to.statements, _text(to.statements).split("\n")
    to.functions |= chain.to.functions
    to.classes |= chain.to.classes
    to.notes += chain.to.notes
    return [Run(layer) for layer in layers], _sequential(layers, to)


def _module(to: KerasEmitter, run: object) -> dict[str, Any]:
    """What a module has beside its last function, for all of them."""
    found = macros("keras", "helpers")
    helpers = [
        str(getattr(found, name)(**_options(name, to))).strip() for name in sorted(to.functions)
    ]
    return {
        "helpers": [*helpers, *to.texts],
        "cells": [text for _, text in to.classes.values()],
        # All functions of the module's own are made of operations, some classes of layers.
        "needs_ops": bool(run or to.texts or to.classes or to.functions.difference(WITHOUT_OPS))
        or "ops" in to.roots,
        "called": to.called.texts,
    }


def _options(name: str, to: KerasEmitter) -> dict[str, bool]:
    """What the text of a helper is made with.

    Attention in a loop is given its keys projected; codes that go on from call to call begin at a given number.
    """
    goes_on = name in ("LearnedSteps", "SinePositions") and any(map(counts_on, to.graph.nodes))
    said = {"ahead": name in to.projects_ahead, "goes_on": goes_on}
    return {word: True for word, is_so in said.items() if is_so}


def _text(statements: Sequence[Statement]) -> str:
    return "\n".join([line for item in statements for line in lines(item, 4)])


def _signature(spec: ModelSpec, statements: Sequence[Statement]) -> list[str]:
    """The parameters that statements read, as those of a function."""
    used = roots(paths(statements))
    return [f"{item.name}: int = {item.default!r}" for item in spec.parameters if item.name in used]


def _stateful(spec: ModelSpec, loops: Mapping[int, Body], whole: KerasEmitter) -> list[Statement]:
    """The statements of the same model with layers that keep their state; none where there are no such layers."""
    nodes = keeping_nodes(spec)
    if not nodes:
        return []
    to = KerasEmitter(with_kept_state(spec, nodes), keeping=nodes, called=whole.called)
    # The classes of its loops are in the module already.
    functional(to, loop_writer(loops, []))
    return to.statements


def _zero_states(spec: ModelSpec) -> list[Statement]:
    """The statement of ``zero_states`` that gives them; none if the model takes none."""
    zeros = [
        call("ops.zeros", tuple_of("batch", *item.shape), **options_of(item)) for item in spec.taken
    ]
    return [Return((listing(*zeros),))] if zeros else []


def _sequential(chain: list[Code], to: KerasEmitter) -> list[str]:
    """The body of a model that is a chain of layers, a line for each however few they are."""
    return [
        "    return keras.Sequential(",
        "        [",
        *(line for layer in chain for line in item_lines(layer, 12)),
        "        ],",
        f"        name={to.label},",
        "    )",
    ]
