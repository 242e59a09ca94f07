"""Runs the statements of generated Keras models one by one, and compares masks on values with those of the pictures.

A script, as Keras is not imported by the tests themselves: pictures as JSON come in, a report goes out.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

import keras
import numpy as np

import seqdsl
from seqdsl.model.undrawn import specification
from seqdsl.passes.loop_bodies import loop_bodies
from seqdsl.passes.loop_phases import cut_loops
from seqdsl.passes.shared_rnn_calls import batch_chains
from seqdsl.targets.code import Assign, Return, flat, lines
from seqdsl.targets.emit.called import CalledClasses
from seqdsl.targets.emit.outputs import name_outputs
from seqdsl.targets.keras.emitter import KerasEmitter
from seqdsl.targets.keras.loops import loop_writer
from seqdsl.targets.keras.mask_writing import assigned
from seqdsl.targets.keras.masks import hand_masks_on
from seqdsl.targets.keras.operations import functional

VALID = np.array(
    [[1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 1, 0, 1], [0] * 5, [1] * 5, [0, 1, 0, 0, 0]], bool
)
"""Padding at the end, in front, between, everywhere, nowhere."""


def data(shape: tuple[int | None, ...], vocabulary: int | None, number: int) -> Any:
    """Values of an input; each has its padding in other samples."""
    if not shape:
        return np.arange(len(VALID), dtype="int32")
    steps = shape[0] or 5
    valid = np.roll(VALID, number, axis=0)[:, -steps:]
    random = np.random.default_rng(number)
    if vocabulary is not None:
        return np.where(valid, random.integers(1, vocabulary, valid.shape), 0).astype("int32")
    return (random.normal(size=(*valid.shape, *shape[1:])) * valid[..., None]).astype("float32")


def run(statements: Any, inputs: dict[str, Any], names: set[str], source: str) -> Any:
    """The variables after all statements, and each value of a node with the mask that it carries."""
    space: dict[str, Any] = {"__name__": "model", "ops": keras.ops}
    exec(source, space)
    keras.utils.set_random_seed(1)
    found = []
    for statement in statements:
        name = assigned(statement)
        if name in inputs and "keras.Input" in flat(statement.value):
            space[name] = keras.ops.convert_to_tensor(inputs[name])
        elif not isinstance(statement, Return):
            exec("\n".join(lines(statement, 0)), space)
        if isinstance(statement, Assign) and name in names:
            mask = getattr(space[name], "_keras_mask", None)
            found.append((name, np.array(space[name]), None if mask is None else np.array(mask)))
    return space, found


def _none(*arguments: Any) -> Any:
    """What is called: these pictures call no others."""
    raise AssertionError(arguments)


def compared(name: str, text: str) -> tuple[list[str], int]:
    """What is wrong with the masks of a picture's model, and how many of its values carry one."""
    model = seqdsl.compile(text, "model.seq")
    drawn = name_outputs(batch_chains(specification(model.spec)))
    spec, loops = loop_bodies(cut_loops(drawn))
    to = KerasEmitter(spec, called=CalledClasses(_none, (), spec))
    # The classes of its loops are in the source that the statements are run with.
    functional(to, loop_writer(loops, []))
    plain, nodes = list(to.statements), {node.name for node in spec.nodes}
    inputs = {
        item.name: data(
            tuple(size.constant for size in item.shape),
            item.vocabulary.constant if item.vocabulary is not None else None,
            number,
        )
        for number, item in enumerate(spec.inputs)
    }
    source = model.source("keras")
    space, before = run(plain, inputs, nodes, source)
    wanted = {
        spec.nodes[index].name: np.array(eval(flat(mask), space))
        for index, mask in to.masks.items()
    }
    outputs = {flat(to.values[item.block]) for item in spec.outputs}
    hand_masks_on(to)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        _, now = run(to.statements, inputs, nodes, source)
    wrong = [f"{name}: {item.message}" for item in told if "mask" in str(item.message)]
    last = {}
    for node, value, mask in now:
        last[node] = value, mask
        if mask is not None and (node not in wanted or not np.array_equal(mask, wanted[node])):
            wrong.append(f"{name}: {node} carries a mask that is not the picture's")
    for node, value, _ in before:
        final = {item: (value, mask) for item, value, mask in before}[node]
        if not np.allclose(final[0], last[node][0], atol=1e-6):
            wrong.append(f"{name}: {node} is another value")
    for node in outputs & set(wanted):
        if last[node][1] is None:
            wrong.append(f"{name}: the output {node} carries no mask")
        if np.any(last[node][0][~wanted[node]]):
            wrong.append(f"{name}: the output {node} is not zero in padded steps")
    return wrong, sum(mask is not None for _, _, mask in now)


def built(text: str) -> Any:
    space: dict[str, Any] = {"__name__": "model"}
    exec(seqdsl.compile(text, "model.seq").source("keras"), space)
    return space["build_model"]()


def losses(text: str) -> tuple[float, float]:
    """The loss of a tagger by `evaluate`, and that of its valid steps."""
    model = built(text)
    model.compile(loss="sparse_categorical_crossentropy")
    x = data((5,), 30, 0)
    y = np.random.default_rng(1).integers(0, 5, x.shape)
    given = np.take_along_axis(model.predict(x, verbose=0), y[..., None], axis=-1)[..., 0]
    loss = model.evaluate(x, y, batch_size=len(x), verbose=0)
    return float(loss), float(-np.log(given[x != 0]).mean())


def statistics(text: str) -> tuple[list[float], list[float]]:
    """What batch normalization learns of a batch in training, and the mean over all steps of what it reads."""
    model = built(text)
    layer = model.get_layer("batchnorm_b")
    read = keras.Model(model.inputs, model.get_layer("gru_h").output)
    x = data((4, 3), None, 0)
    model(x, training=True)
    mean = np.array(read(x)).mean(axis=(0, 1))
    return list(map(float, np.array(layer.moving_mean))), list(map(float, 0.1 * mean))


if __name__ == "__main__":
    pictures = json.load(sys.stdin)
    results = [compared(*item) for item in pictures.items()]
    loss, of_valid = losses(pictures["tagger"])
    learned, of_all = statistics(pictures["batch normalization"])
    report = {
        "wrong": [line for wrong, _ in results for line in wrong],
        "masked values": sum(number for _, number in results),
        "loss": loss,
        "loss of valid steps": of_valid,
        "statistics": learned,
        "statistics of all steps": of_all,
    }
    print(json.dumps(report))
