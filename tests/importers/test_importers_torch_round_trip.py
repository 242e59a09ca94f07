"""picture → PyTorch → what is read of it: the wires of the picture again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from seqdsl.importers.torch.read import read_torch
from seqdsl.ir.images import holds_images
from seqdsl.layout.from_graph import wirings
from seqdsl.layout.same_wirings import is_same
from seqdsl.layout.wiring import Source, Steps
from seqdsl.targets.torch.state_dict import attribute_name
from seqdsl.verify.spec_weights import layer_weights
from tests.compiled import compiled
from tests.importers.keras_same import lengths_of

if TYPE_CHECKING:
    from seqdsl.api import Model
    from seqdsl.importers.reading import Reading
    from seqdsl.layout.wiring import Block, Wiring

EXAMPLES = Path(__file__).parents[2] / "examples"

USUAL = [
    "attention-additive",
    "attention-luong-concat",
    "attention-state-before",
    "captcha-columns",
    "frames-cnn-lstm",
    "image-residual",
    "siamese-images",
    "skeleton-actions",
    "sru-highway",
    "spectrogram-tagger",
    "tagger-characters",
    "video-masked-frames",
    "video-gated-convolutions",
    "video-mean-of-frames",
    "video-next-frame",
    "autoencoder-reversed",
    "bidirectional-final-state",
    "broken-chains",
    "captioning",
    "conv-normalized",
    "decoder-own-output",
    "encoder-decoder",
    "entailment-handoff",
    "forecast-narx",
    "forecast-own-steps",
    "forecast-two-fed-back",
    "gated-convolution",
    "learned-queries",
    "lstm-peephole",
    "masked-mean",
    "masked-own-tags",
    "masked-translation",
    "music-notes-durations",
    "one-to-many",
    "pyramidal-encoder",
    "pyramidal-free-length",
    "residual-two-rows",
    "siamese",
    "sine-positions",
    "stacked",
    "state-from-the-last-call",
    "state-in-and-out",
    "tagger-packed",
    "tcn-last-step",
    "text-cnn",
    "transformer-decoder",
    "translation",
    "translation-input-feeding",
    "truncated-feedback",
]
"""What is read in every run: of each idiom one; the others with --all-round-trips."""

UNREAD = {
    "it draws what it gives, or counts its steps in its state": """
        char-sampled forecast-deepar-covariates forecast-sampled next-character
        sentence-autoencoder-variational step-by-step-words stream-positions
    """,
    "it passes on what it feeds back": "stream-narx stream-own-tags",
    "it runs a cell of its own": """
        forecast-vector keyword-hard-gates language-model-zoneout lstm-projected lstm-zoneout
        sentiment-recurrent-dropout
    """,
    "it drops whole features of all steps": "char-lstm-stacked-stream session-recommender",
    "it runs over the places of each step's grid": """
        hierarchical-attention sentences-of-a-document turns-of-a-dialogue
        words-by-character-convolution
    """,
}
"""What cannot be read, or only in another way that means the same, by the reason."""

# Read, but not compared: a called picture becomes what is in it, an attention of projections dense rows and an
# attention.
_OTHERWISE = """
    acoustic-residual-frames attention-scaled char-rnn-residual-blocks decoder-only-stack
    human-motion-residual items-of-a-pair
    keyword-spotting-stream padded-text-transformer series-transformer
    stream-dilated tcn-blocks temporal-relation
    towers-over-halves transformer-blocks translation-of-blocks two-blocks-of-one-picture
    two-towers u-net-halves video-frame-encoder video-transformer video-transformer-of-frames
"""
OTHERWISE = {*_OTHERWISE.split(), *(name for names in UNREAD.values() for name in names.split())}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" not in metafunc.fixturenames:
        return
    whole = metafunc.config.getoption("--all-round-trips")
    names = sorted(path.stem for path in EXAMPLES.glob("*.seq")) if whole else USUAL
    metafunc.parametrize("name", [name for name in names if name not in OTHERWISE])


def test_what_is_not_compared_is_there() -> None:
    assert {name for name in OTHERWISE if not (EXAMPLES / f"{name}.seq").exists()} == set()
    # Of 271 examples; what can be read leaves the lists.
    assert len(OTHERWISE) <= 42


def _build(model: Model) -> tuple[Reading, Model]:
    graph = model.ir
    numbers = {**graph.defaults, **dict.fromkeys(graph.free, 4)}
    example, free = {}, {}
    states = [item for item in graph.states if item.is_taken]
    for place, item in enumerate([*graph.inputs, *graph.lengths, *states]):
        kind = torch.int64 if item.dtype == "int32" else torch.float32
        shape = item.shape
        if place < len(graph.inputs) and holds_images(graph.inputs[place], graph):
            # PyTorch has the channels of an image first.
            shape = (*shape[:-3], shape[-1], *shape[-3:-1])
        sizes = [size.value(numbers) for size in shape]
        example[item.name] = torch.zeros((2, *sizes), dtype=kind)
        # `2 * n` is as free as `n`, which no axis may be.
        names = {at: str(size) for at, size in enumerate(shape) if size.names & {*graph.free}}
        free.update({(place, at + 1): name for at, name in names.items()})
    return read_torch(model.build("torch"), example, free, name=graph.name), model


def _renamed(wiring: Wiring, names: dict[str, str]) -> Wiring:
    blocks = (replace(block, layer=names.get(block.layer, block.layer)) for block in wiring.blocks)
    return replace(wiring, blocks=tuple(map(_unnamed, blocks)))


# Not of `forward`: what an input is when the model runs free, and that nothing but its end is padded.
_ELSEWHERE = re.compile(r", (feedback=\w+|choose=true|padding=end)")


def _forward(wiring: Wiring) -> Wiring:
    """The wiring without what a module's `forward` does not tell, and without rows that give what is below them."""
    blocks = tuple(replace(block, call=_ELSEWHERE.sub("", block.call)) for block in wiring.blocks)
    outputs = tuple(_given(wiring, at) for at in wiring.outputs)
    return replace(wiring, blocks=tuple(map(_unnamed, blocks)), outputs=outputs)


def _given(wiring: Wiring, at: int) -> int:
    """The block that an output is: of a row that gives all of another one, as it is, that other one."""
    block = wiring.blocks[at]
    if block.call != "output":
        return at
    (operand,) = block.operands
    assert isinstance(operand, Steps)
    first = operand.of[0][0] if operand.of[0] else None
    if first is None:
        return at
    steps = wiring.blocks[first.block].steps or 1
    return (
        first.block
        if operand.of == tuple((Source(first.block, at),) for at in range(steps))
        else at
    )


def _unnamed(block: Block) -> Block:
    """A block whose layer has a name that no module keeps: an attention without weights, a code of sines."""
    return replace(block, layer="bare") if _BARE.match(block.call) else block


_BARE = re.compile(r"attention(?!.*(heads|key|additive))|position\(\d+, sin\)")


# A table of numbers is `*start` or in a layer, the vector of an additive attention in a layer of one unit.
_BARE_PLACE = re.compile(r"^\*(scale=)?|(\.score)?(\.weight)?$")


def difference(model: Model) -> str:
    """What keeps a model from coming back; empty: nothing."""
    reading, _ = _build(model)
    if reading.wirings is None:
        return "; ".join(f"{item.kind}: {item.reason}" for item in reading.unread)
    # A row of a stack is kept as `lstm@1`, a table of numbers as `*start` or in a layer.
    kept = {
        item.row.removesuffix("@0") or attribute_name(item.name): item.name
        for item in layer_weights(model.spec)
    }
    names = {
        name: kept.get(_BARE_PLACE.sub("", place), name) for name, place in reading.places.items()
    }
    lengths = [_lengths(wiring, model) for wiring in reading.wirings.at]
    drawn = wirings(model.spec, lengths if model.ir.free else None)
    pairs = zip(drawn.at, reading.wirings.at, strict=True)
    same = [is_same(_forward(mine), _renamed(theirs, names)) for mine, theirs in pairs]
    return "" if all(same) else "other wires"


def _lengths(wiring: Wiring, model: Model) -> dict[str, int]:
    """The free lengths of a model: of one that `2 * n` steps enter, what `n` is."""
    is_told = set(wiring.lengths) <= {*model.ir.free}
    return dict(wiring.lengths) if is_told else lengths_of(wiring, model.spec)


def test_a_generated_module_is_read_as_its_picture(name: str) -> None:
    *_, model = compiled(EXAMPLES / f"{name}.seq")
    assert difference(model) == ""
