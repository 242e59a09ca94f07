"""models as people write them in PyTorch → their wires, the places of their weights, and what cannot be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch

import seqdsl
from seqdsl.importers.torch.read import read_torch
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.targets.torch.weights import read, write
from seqdsl.verify.spec_weights import layer_weights
from tests.importers import torch_models
from tests.importers.wires import lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor

EXPECTED = {
    "names": """
        letters: input(6)
        cell = rnn(5) letters[5]
        head = dense(3, log_softmax) cell.4
        -> head
    """,
    "tagger": """
        sentence: tokens(12)
        words = embedding(4) sentence[9]
        lstm = lstm(5) words[9]
        tags = dense(3, log_softmax) lstm[9]
        -> tags
    """,
    "packed": """
        words: tokens(12, lengths=true)
        words_2 = embedding(4) words[9]
        lstm = lstm(5) both words_2[9]
        tags = dense(3) lstm[9]
        -> tags
    """,
    "translator": """
        source: tokens(12)
        target: tokens(14)
        source_2 = embedding(4) source[4]
        encoder = lstm(5) source_2[4]
        dropout = dropout(0.1) encoder[4]
        encoder_1 = lstm(5) dropout[4]
        target_2 = embedding(4) target[3]
        decoder = lstm(5) target_2[3] begins encoder
        dropout_2 = dropout(0.1) decoder[3]
        decoder_1 = lstm(5) dropout_2[3] begins encoder_1
        out = dense(14) decoder_1[3]
        -> out
    """,
    "luong": """
        source: input(4)
        target: input(3)
        encoder = gru(5) source[4]
        decoder = gru(5) target[3] begins encoder
        attention = attention decoder[3] & of encoder[4]
        join = dense(6, tanh) attention[3]+decoder[3]
        out = dense(7) join[3]
        -> out
    """,
    "loop": """
        source: input(4)
        target: input(3)
        encoder = gru(5) source[8]
        cell = gru(5) target[12] begins encoder
        attention = attention cell[12] & of encoder[8]
        out = dense(7) attention[12]+cell[12]
        -> out
    """,
    "additive": """
        queries: input(5)
        memory: input(4)
        ask = dense(6) queries[3]
        key = dense(6) memory[4]
        score = attention(score=additive) ask[3] & of memory[4] & of key[4]
        -> score
    """,
    "forecast": """
        series: input(1)
        lstm = lstm(5) series[5]
        linear = dense(3) lstm.4
        -> linear
    """,
    "autoencoder": """
        x: input(2)
        encoder = lstm(5) x[8]
        decoder = lstm(5) encoder.7*8
        out = dense(2) decoder[8]
        -> out
    """,
    "cnn": """
        text: tokens(12)
        embed = embedding(4) text[6]
        convs_0 = conv(3, 2, relu) embed[6]
        max = max of convs_0[5]
        convs_1 = conv(3, 3, relu) embed[6]
        max_2 = max of convs_1[1:5]
        drop = dropout(0.5) max.0+max_2.0
        fc = dense(2) drop.0
        -> fc
    """,
    "encoder": """
        text: tokens(12)
        embed = embedding(4) text[8]
        position = position(4, sin)
        add = add embed[8] & position[8]
        place_dropout = dropout(0.1) add[8]
        rows_layers_0_self_attn = attention(heads=2, causal=true) place_dropout[8] & of place_dropout[8]
        add_2 = add place_dropout[8] & rows_layers_0_self_attn[8]
        rows_layers_0_norm1 = layernorm add_2[8]
        rows_layers_0_linear1 = dense(8, relu) rows_layers_0_norm1[8]
        rows_layers_0_linear2 = dense(4) rows_layers_0_linear1[8]
        add_3 = add rows_layers_0_norm1[8] & rows_layers_0_linear2[8]
        rows_layers_0_norm2 = layernorm add_3[8]
        out = dense(12) rows_layers_0_norm2[8]
        -> out
    """,
    "norm_first": """
        text: tokens(12)
        embed = embedding(4) text[4]
        position = position(4, sin)
        add = add embed[4] & position[4]
        place_dropout = dropout(0.1) add[4]
        rows_layers_0_norm1 = layernorm place_dropout[4]
        rows_layers_0_self_attn = attention(heads=2, causal=true) rows_layers_0_norm1[4] & of rows_layers_0_norm1[4]
        add_2 = add place_dropout[4] & rows_layers_0_self_attn[4]
        rows_layers_0_norm2 = layernorm add_2[4]
        rows_layers_0_linear1 = dense(8, relu) rows_layers_0_norm2[4]
        rows_layers_0_linear2 = dense(4) rows_layers_0_linear1[4]
        add_3 = add add_2[4] & rows_layers_0_linear2[4]
        out = dense(12) add_3[4]
        -> out
    """,
    "even_windows": """
        x: input(3)
        concat_below_1 = concat x.0 x.1 x.2 0 0
        conv = conv(4, 4, relu, padding=causal) concat_below_1[5]
        rows = gru(2) conv[1:5]
        -> rows
    """,
    "audio": """
        wave: input(1)
        conv1 = conv(4, 5) wave[16]
        bn1 = batchnorm conv1.2 conv1.4 conv1.6 conv1.8 conv1.10 conv1.12
        activation = activation(relu) bn1[6]
        pool = max activation.0 activation.2 activation.4 & activation.1 activation.3 activation.5
        conv2 = conv(6, 3, relu) pool[3]
        mean = mean of conv2[3]
        fc = dense(3, log_softmax) mean.0
        -> fc
    """,
    "pooling": """
        x: input(3)
        gru = gru(4) both x[4]
        score_weight = learned(8)
        attention = attention score_weight.0 & of gru[4]
        out = dense(2) attention.0
        -> out
    """,
    "projected": """
        x: input(3)
        lstm = lstm(6, projection=4) both x[4]
        out = dense(2, sigmoid) lstm.final
        -> out
    """,
    "stateful": """
        x: input(3)
        gru = gru(4) x[4] *--*
        out = dense(2) gru[4]
        -> out
    """,
    "begins": """
        x: input(3)
        about: input(2)
        begin = dense(8, tanh) about.0
        lstm = lstm(4) both x[4] begins begin.0
        -> lstm
    """,
    "tied": """
        text: tokens(12)
        embed = embedding(4) text[4]
        rnn = rnn(4, relu) embed[4]
        out = dense(tied=embed) rnn[4]
        -> out
    """,
    "reversed": """
        x: input(3)
        forth = lstm(4) x[8]
        back = lstm(4) backward x[8]
        result = output forth[8]+back[8]
        -> result
    """,
    "learned": """
        x: input(4)
        token = learned(4)
        place = position(4, most=9)
        add = add token.0 x.0 x.1 x.2 x.3 & place[5]
        attend = attention(heads=2) add[5] & of add[5]
        add_2 = add add[5] & attend[5]
        norm = layernorm(epsilon=1e-06) add_2[5]
        out = dense(3) norm.0
        -> out
    """,
    "two_rows": """
        x: input(3)
        lower = lstm(4) both x[4]
        between = dense(5, relu) lower[4]
        upper = lstm(4) both between[4]
        -> upper
    """,
    "stacked": """
        x: input(3)
        gru = gru(4) x[4]
        gru_1 = gru(4) gru[4]
        result = output gru_1.3
        -> result
    """,
}
"""The wires of each model, worked out by hand where they are no plain rows."""

OTHERWISE = {"stateful"}
"""What takes a state as one step, where the picture has a vector, and gives two results: `tests/ported` compares it."""


@pytest.mark.parametrize("name", torch_models.MODELS)
def test_a_model_is_read_with_its_wires_and_drawn(name: str) -> None:
    make, example, free = torch_models.MODELS[name]
    reading = read_torch(make(), example, free)
    assert reading.unread == ()
    assert reading.wirings is not None
    assert len(reading.wirings.at) == (3 if free else 1)
    expected = EXPECTED[name].split("\n")
    assert lines(reading.wirings.at[0]) == [line.strip() for line in expected if line.strip()]
    # It is compiled, and compared with what is to be drawn, before it is given back.
    assert draw_wirings(reading.wirings).startswith(f"model {reading.wirings.name}")


AXES: dict[str, Callable[[Tensor], Tensor]] = {
    "names": lambda letters: letters.transpose(0, 1),
    "tagger": lambda sentence: sentence[None],
    "forecast": lambda series: series.unsqueeze(-1),
    "audio": lambda wave: wave.transpose(1, 2),
}
"""What a generated model takes where the original has its axes in another order, or no samples."""

VALID = {"packed": torch.arange(5) < torch.tensor([[5], [3]])}
"""Which steps count, where padded ones differ and the reading says so."""


@pytest.mark.filterwarnings("ignore:LSTM with projections")
@pytest.mark.parametrize("name", [name for name in torch_models.MODELS if name not in OTHERWISE])
def test_the_picture_computes_the_same_with_the_weights_from_their_places(name: str) -> None:
    torch.manual_seed(0)
    make, example, free = torch_models.MODELS[name]
    original = make()
    reading = read_torch(original, example, free)
    assert reading.wirings is not None
    (model,) = seqdsl.compile_all(draw_wirings(reading.wirings))
    original, generated = original.double().eval(), model.build("torch").double().eval()
    own = layer_weights(model.spec)
    placed = [replace(item, place=reading.places[item.name]) for item in own]
    write(generated, own, read(original, placed))
    given = [_random(value) for value in example]
    turned = [AXES.get(name, _as_it_is)(value) for value in given]
    # Some begin with zeros that they make themselves.
    torch.set_default_dtype(torch.double)
    with torch.no_grad():
        expected, found = original(*given), generated(*turned)
    found, valid = found.reshape(expected.shape), VALID.get(name, slice(None))
    torch.testing.assert_close(found[valid], expected[valid], rtol=1e-6, atol=1e-9)


@pytest.fixture(autouse=True)
def _single_precision() -> Iterator[None]:
    """Let no test change the precision for others."""
    yield
    torch.set_default_dtype(torch.float32)


def _as_it_is(value: Tensor) -> Tensor:
    return value


def _random(value: Tensor) -> Tensor:
    """Numbers of the shape of an example; ids and lengths above 0, as 0 is padding."""
    if value.dtype.is_floating_point:
        return torch.randn(value.shape, dtype=torch.double)
    return torch.randint(1, 10, value.shape) if int(value.max()) == 0 else value


def test_long_paths_become_names_that_a_picture_may_have() -> None:
    # encoder.stages.0.position_wise_projection has 40 characters, a name of a layer at most 30.
    stages = [torch.nn.ModuleDict({"position_wise_projection": torch.nn.Linear(3, 3)})]
    module = deep(stages)
    reading = read_torch(module, (torch.zeros(2, 3),))
    assert reading.wirings is not None
    assert reading.places == {
        "position_wise_projection": "encoder.stages.0.position_wise_projection"
    }
    seqdsl.compile(draw_wirings(reading.wirings))


def deep(stages: list[torch.nn.ModuleDict]) -> torch.nn.Module:
    """A module that runs stages, which stand deep in it."""

    class Deep(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = torch.nn.ModuleDict({"stages": torch.nn.ModuleList(stages)})

        def forward(self, x: Tensor) -> Tensor:
            for stage in self.encoder["stages"]:
                x = stage["position_wise_projection"](x)
            return x

    return Deep()
