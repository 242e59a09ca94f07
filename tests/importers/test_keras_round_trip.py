"""Picture → generated Keras → live model → wires: the same wires as the picture's."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import keras
import pytest

import seqdsl
from seqdsl.importers.keras.read import read_keras
from seqdsl.layout.picture import Unplaceable
from tests.importers.keras_same import differing

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.seq"))

# One of each kind; the others with --all-round-trips.
_USUAL = """
    attention-additive attention-decoder attention-multi-head-decoder attention-scaled autoencoder-reversed-state
    bidirectional-final-state broken-chains captcha-columns caption-initial-state
    causal-convolution flatten forecast-last-2-stacked frames-cnn-lstm image-patches-class-token
    inputs-along-features language-model-tied many-to-many-last-3 many-to-many-padded
    masked-mean masked-own-tags masked-translation pyramidal-encoder reverse-reading sentences-of-a-document stacked
    state-in-and-out strided-convolution tagger-packed tagger-padding-id tagger-window-recurrent
    transformer-block transformer-blocks translation upsampling-decoder
    video-gated-convolutions video-next-frame
    attention-state-before decoder-own-output forecast-narx forecast-own-steps
    music-notes-durations truncated-feedback video-own-frames
"""
USUAL = _USUAL.split()

# Why some cannot be read.
UNREAD = {
    "it runs a cell of its own": """
        language-model-zoneout lstm-zoneout sentiment-recurrent-dropout
    """,
    "its call cannot be followed on symbolic inputs": """
        char-sampled forecast-deepar-covariates forecast-sampled
    """,
    "`conv_e` is applied more often where a length is longer": "stream-narx",
    "states are among its results": "stream-own-tags",
    "the language has no such operation": """
        history-and-plan next-character stream-positions
    """,
    "it uses numbers of its own": "sentence-autoencoder-variational step-by-step-words",
    "which are sequences themselves": "turns-of-a-dialogue words-by-character-convolution",
    "its mask is not the one that follows": """
        hierarchical-attention tags-read-again
    """,
}
# Read, but not compared: a picture that is called for each step becomes what is in it where it is about no sequence; a
# file of several models, and what else than an LSTM passes state from call to call, have no one wiring. An LSTM with a
# projection is equations, and a size that a cell of a file takes is a number.
_OTHERWISE = """
    acoustic-residual-frames copy-task echo-task human-motion-residual items-of-a-pair karpathy-five
    keyword-spotting-stream language-model-both-ways lstm-projected speech-lstm-projected
    state-from-the-last-call stream-denoiser stream-dilated
    temporal-relation video-frame-encoder video-transformer-of-frames
"""
OTHERWISE = set(_OTHERWISE.split())
REASONS = {name: reason for reason, names in UNREAD.items() for name in names.split()}


def _chosen(config: pytest.Config) -> list[str]:
    if not config.getoption("--all-round-trips"):
        return [*USUAL, "lstm-peephole", "lstm-zoneout"]
    return [name for name in EXAMPLES if name not in OTHERWISE]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("name", _chosen(metafunc.config))


def _live(name: str) -> keras.Model:
    path = ROOT / "tests" / "golden" / "keras" / f"{name}.py"
    spec = spec_from_file_location(f"golden_{name.replace('-', '_')}", path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    # Keras looks up the classes of a module by its name.
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
        made: keras.Model = module.build_model()
    finally:
        del sys.modules[spec.name]
    return made


def test_wires_come_back(name: str) -> None:
    found = read_keras(_live(name))
    if name in REASONS:
        assert found.wirings is None
        assert any(REASONS[name] in item.reason for item in found.unread), found.unread
        return
    assert found.wirings is not None, found.unread
    text = (ROOT / "examples" / f"{name}.seq").read_text()
    try:
        assert not differing(found.wirings, seqdsl.compile(text, f"{name}.seq").spec)
    except Unplaceable as problem:
        # What a wiring does not have: pictures over a whole row, state from call to call.
        assert any(word in str(problem) for word in ("whole row", "from call to call"))
