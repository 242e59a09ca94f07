"""A picture's wires, without its letters, rows and columns, are drawn again as a picture with the same meaning."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from seqdsl.ir.direction import Direction
from seqdsl.layout.from_graph import wirings
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.same_wirings import is_named, is_same
from seqdsl.layout.wiring import Block, Bus, Source, Steps, Wiring, Wirings
from seqdsl.lowering.compiled import CompiledModel
from seqdsl.pipeline import analyze
from tests.random_pictures import random_picture

ROOT = Path(__file__).parents[2]

NOT_DRAWN = {
    "a row reads what another one gave a step before": """
        anomaly-reconstruction attention-state-before caption-attention-regions char-sampled
        decoder-own-output forecast-deepar-covariates forecast-jordan forecast-narx
        forecast-own-steps forecast-sampled forecast-two-fed-back masked-attention-state-before
        masked-own-tags music-notes-durations policy-action-before speech-tacotron tagger-tag-before
        translation-input-feeding translation-state-asks
    """,
    "state passes from call to call": """
        char-lstm-stacked-stream echo-task keyword-spotting-stream state-from-the-last-call
        state-in-and-out state-to-the-next-model stream-denoiser stream-dilated stream-narx
        stream-own-tags stream-positions truncated-backpropagation truncated-feedback
        video-recurrent-q-network
    """,
    "another picture is applied to a whole row": """
        char-rnn-residual-blocks decoder-only-stack series-transformer tcn-blocks temporal-relation
        towers-over-halves transformer-blocks translation-of-blocks two-blocks-of-one-picture
        two-towers u-net-halves video-transformer
    """,
    "keys and memory of an attention are two rows": "attention-luong-general memory-network-hops",
    "outputs are in another order than the columns of their wires": "multi-task-layers",
    "a row repeats the steps of a free length": "upsampling-decoder",
}
"""Examples that cannot be drawn from their wires yet, by reason."""
UNDRAWN = {name for names in NOT_DRAWN.values() for name in names.split()}


def _model(text: str, name: str) -> CompiledModel:
    return analyze(text, f"{name}.seq", diagnose=False).models[-1]


def _facts(model: CompiledModel) -> list[object]:
    """What pictures of one model have in common, beside their wires."""
    numbers = model.spec.defaults
    ends = [
        (item.name, item.dtype, item.vocabulary and item.vocabulary.value(numbers))
        for item in model.inputs
    ]
    lengths = [item.name for item in model.lengths]
    return [ends, lengths, len(model.outputs), model.parameters, model.topology]


@pytest.mark.parametrize("path", sorted(ROOT.glob("examples/*.seq")), ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    model = _model(path.read_text("utf-8"), path.stem)
    if path.stem in UNDRAWN:
        with pytest.raises(Unplaceable):
            draw_wirings(wirings(model.spec))
        return
    # What is drawn is compiled, and its wires compared at several lengths, before it is returned.
    drawn = draw_wirings(wirings(model.spec))
    assert _facts(_model(drawn, path.stem)) == _facts(model), drawn


def test_random_pictures(pytestconfig: pytest.Config) -> None:
    """Whatever is wired is drawn, or refused with a sentence: most is drawn."""
    first = pytestconfig.getoption("--first-seed")
    drawn, count = 0, pytestconfig.getoption("--wired-pictures")
    for seed in range(first, first + count):
        model = _model(random_picture(seed), "model")
        try:
            text = draw_wirings(wirings(model.spec))
        except Unplaceable:
            continue
        drawn += 1
        assert _facts(_model(text, "model")) == _facts(model), f"seed {seed}\n{text}"
    assert drawn >= SHARE * count


SHARE = 0.7
"""How many of the random pictures, over the whole language, are drawn from their wires at least."""


def _chain(steps: int) -> Wiring:
    """An encoder of so many steps, of which the last one is given."""
    x = Block("x", "input(3)", steps)
    h = Block(
        "h",
        "lstm(4)",
        steps,
        (Steps(tuple((Source(0, at),) for at in range(steps))),),
        Direction.FORWARD,
    )
    y = Block("y", "dense(2)", None, (Steps(((Source(1, steps - 1),),)),))
    return Wiring((x, h, y), (0,), (2,), {"n": steps})


def test_long_and_free_lengths() -> None:
    """A long row is set by a parameter, a free one has a name, and a short one is drawn."""
    long = replace(_chain(100), lengths={})
    assert "n = 100" in draw_wirings(Wirings("long", (long,)))
    free = draw_wirings(Wirings("free", tuple(map(_chain, (4, 5, 9)))))
    assert "..n.." in free
    assert "n =" not in free
    assert ".." not in draw_wirings(Wirings("short", (_chain(5),)))


def _changes(wiring: Wiring) -> list[Wiring]:
    """Wirings that differ from one in one thing."""
    x, h, y = wiring.blocks
    steps = h.operands[0]
    assert isinstance(steps, Steps)
    changed = [
        (replace(x, call="input(4)"), h, y),
        (replace(x, layer="z"), h, y),
        (x, replace(h, direction=Direction.BACKWARD), y),
        (x, replace(h, call="lstm(4, dropout=0.1)"), y),
        (x, replace(h, operands=(Steps((*steps.of[1:], steps.of[0])),)), y),
        (x, replace(h, operands=(Steps((*steps.of[1:], ())),)), y),
        (x, h, replace(y, operands=(Steps(((Source(1, 0),),)),))),
        (x, h, replace(y, operands=(Bus((Source(1, 0), Source(1, 1))),))),
    ]
    return [replace(wiring, blocks=blocks) for blocks in changed]


def test_difference_is_seen() -> None:
    """A check that takes all for the same would pass any drawing."""
    wiring = _chain(4)
    written = replace(wiring.blocks[1], call="lstm(units=4, dropout=0.0)")
    same = replace(wiring, blocks=(wiring.blocks[0], written, wiring.blocks[2]))
    assert is_same(wiring, same)
    others = [wiring, *_changes(wiring)]
    assert not any(is_same(one, other) for one, other in pairwise(others))
    assert not any(is_same(wiring, other) for other in others[1:])
    assert is_named(wiring.blocks[1])
