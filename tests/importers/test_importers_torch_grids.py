"""models over images and other grids, as people write them in PyTorch → their wires, and the same numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import seqdsl
from seqdsl.importers.torch.read import read_torch
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.porting.live import import_live
from seqdsl.porting.outcome import Grade
from seqdsl.runtime.results import several
from seqdsl.targets.torch.weights import read, write
from seqdsl.verify.spec_weights import layer_weights
from tests.importers.torch_grid_models import MODELS
from tests.importers.wires import lines

if TYPE_CHECKING:
    from collections.abc import Callable


EXPECTED = {
    "actions": """
        frames: input(8, 6, 3)
        features_0 = conv2d(4, 3) frames[8]
        features_1 = batchnorm features_0[8]
        activation = activation(relu) features_1[8]
        features_3 = maxpool2d(2) activation[8]
        features_4 = conv2d(5, 3, relu, padding=valid) features_3[8]
        flatten = flatten features_4[8]
        lstm = lstm(6) flatten[8]
        head = dense(3) lstm.7
        -> head
    """,
    "loop": """
        frames: input(6, 7, 1)
        conv = conv2d(4, 3, relu, stride=2) frames[8]
        mean = mean(grid) conv[8]
        cell = gru(5) mean[8]
        steer = dense(1) cell[8]
        -> steer
    """,
    "lines": """
        lines: input(8, 20, 1)
        conv1 = conv2d(3, 3, relu) lines.0
        maxpool2d = maxpool2d(2) conv1.0
        conv2 = conv2d(4, 3) maxpool2d.0
        norm = batchnorm conv2.0
        activation = activation(relu) norm.0
        maxpool2d_2 = maxpool2d(2) activation.0
        split = split maxpool2d_2.0*5
        flatten = flatten split[5]
        rnn = lstm(5) both flatten[5]
        letters = dense(7, log_softmax) rnn[5]
        -> letters
    """,
    "sounds": """
        mels: input(8, 10, 1)
        conv = conv2d(4, 3) mels.0
        bn = batchnorm conv.0
        activation = activation(relu) bn.0
        meanpool2d = meanpool2d(2) activation.0
        split = split meanpool2d.0*5
        mean = mean(grid) split[5]
        gru = gru(5) both mean[5]
        max = max of gru[5]
        fc = dense(3, sigmoid) max.0
        -> fc
    """,
    "speech": """
        sound: input(10, 14, 1)
        conv1 = conv2d(3, 3, relu, stride=2) sound.0
        conv2 = conv2d(4, 2, relu, padding=valid, bias=false) conv1.0
        pool = maxpool2d(2) conv2.0
        split = split pool.0*3
        flatten = flatten split[3]
        gru = gru(5) flatten[3]
        fc = dense(3, log_softmax) gru[3]
        -> fc
    """,
    "characters": """
        words: tokens(12)
        characters: tokens(11, 6)
        characters_2 = embedding(3) characters[8]
        mix = dense(5, tanh) characters_2[8]
        words_2 = embedding(4) words[8]
        max = max(grid) mix[8]
        lstm = lstm(4) both words_2[8]+max[8]
        tags = dense(3) lstm[8]
        -> tags
    """,
    "channels_last": """
        video: input(6, 8, 3)
        conv = conv2d(4, 4, elu, stride=2, padding=valid) video[8]
        flatten = flatten conv[8]
        norm = layernorm flatten[8]
        gru = gru(5) norm[8]
        mean = mean of norm[8]
        mean_2 = dense(3) mean.0
        -> gru mean_2
    """,
    "gestures": """
        joints: input(5, 2)
        joint = dense(4, relu) joints[6]
        norm = layernorm joint[6]
        flatten = flatten norm[6]
        whole = conv(6, 3) flatten[6]
        mean = mean of whole[6]
        max = max(grid) norm[6]
        fc = dense(3) mean.0+max.5
        -> fc
    """,
    "dense": """
        image: input(4, 6, 2)
        first = conv2d(3, 3, relu) image.0
        second = conv2d(4, 3, relu) image.0+first.0
        norm = batchnorm image.0+first.0+second.0
        activation = activation(tanh) norm.0
        meanpool2d = meanpool2d(2) activation.0
        flatten = flatten meanpool2d.0
        out = dense(3) flatten.0
        -> out
    """,
}
"""The wires of each model, worked out by hand."""


@pytest.mark.parametrize("name", EXPECTED)
def test_grids_are_read_with_their_wires(name: str) -> None:
    make, example, free = MODELS[name]
    reading = read_torch(make(), example, free)
    assert reading.unread == ()
    assert reading.wirings is not None
    expected = EXPECTED[name].split("\n")
    assert lines(reading.wirings.at[0]) == [line.strip() for line in expected if line.strip()]


AXES: dict[str, Callable[[Tensor], Tensor]] = {
    "speech": lambda sound: sound.transpose(2, 3),
    "sounds": lambda mels: mels.unsqueeze(1),
    "channels_last": lambda video: video.movedim(-1, -3),
}
"""What a generated model takes, where the original has its axes in another order."""


@pytest.mark.parametrize("name", MODELS)
def test_the_picture_computes_the_same_with_weights_in_its_order(name: str) -> None:
    torch.manual_seed(0)
    make, example, free = MODELS[name]
    original = make()
    reading = read_torch(original, example, free)
    assert reading.wirings is not None
    (model,) = seqdsl.compile_all(draw_wirings(reading.wirings))
    original, generated = original.double().eval(), model.build("torch").double().eval()
    _statistics(original)
    own = layer_weights(model.spec)
    placed = [
        replace(item, place=reading.places[item.name], columns=reading.columns.get(item.name, ()))
        for item in own
    ]
    write(generated, own, read(original, placed))
    given = [_random(value) for value in example]
    turned = [AXES.get(name, _as_it_is)(value) for value in given]
    torch.set_default_dtype(torch.double)
    try:
        with torch.no_grad():
            expected, found = original(*given), generated(*turned)
    finally:
        torch.set_default_dtype(torch.float32)
    pairs = zip(several(found, Tensor), several(expected, Tensor), strict=True)
    for mine, theirs in pairs:
        order = theirs.transpose(0, 1) if name == "lines" else theirs
        torch.testing.assert_close(mine.reshape(order.shape), order, rtol=1e-6, atol=1e-9)


def _statistics(model: nn.Module) -> None:
    """Numbers that a trained normalization may have: with those of a new one, much computes the same."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean)  # type: ignore[arg-type]
            nn.init.uniform_(module.running_var, 0.5, 2.0)  # type: ignore[arg-type]
            nn.init.normal_(module.weight)
        elif isinstance(module, nn.LayerNorm):
            nn.init.normal_(module.weight)
            nn.init.normal_(module.bias)


def _as_it_is(value: Tensor) -> Tensor:
    return value


def _random(value: Tensor) -> Tensor:
    if value.dtype.is_floating_point:
        return torch.randn(value.shape, dtype=torch.double)
    return torch.randint(1, 10, value.shape)


@pytest.mark.parametrize("name", ["actions", "channels_last", "speech"])
def test_a_picture_of_images_is_checked_against_the_model(name: str) -> None:
    torch.manual_seed(0)
    make, example, _ = MODELS[name]
    imported = import_live(make(), example)
    assert imported.outcome.grade is (Grade.EXACT if name == "actions" else Grade.EQUAL_BUT)
    assert imported.outcome.own is not None and imported.outcome.own.gradients


def test_a_flattened_image_has_its_columns_in_another_order() -> None:
    # (2 channels, 2 rows, 3 columns) to rows, columns, channels
    module = nn.Sequential(nn.Conv2d(1, 2, 1), nn.Flatten(), nn.Linear(12, 3))
    reading = read_torch(module, (torch.zeros(2, 1, 2, 3),))
    expected = np.arange(12).reshape(2, 2, 3).transpose(1, 2, 0).reshape(-1).tolist()
    (columns,) = reading.columns.values()
    assert list(columns) == expected


class Applied(nn.Module):
    """Something between an image and features."""

    def __init__(self, between: Callable[[Tensor], Tensor], features: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3, padding=1)
        self.between = between
        self.out = nn.Linear(features, 2)

    def forward(self, image: Tensor) -> Tensor:
        return self.out(self.between(self.conv(image)).flatten(1))


class Mixed(nn.Module):
    """Layers and functions that the language lacks."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, image: Tensor) -> Tensor:
        return self.layer(image).mean((2, 3))


REFUSED: dict[str, tuple[nn.Module, str]] = {
    "rectangle": (nn.Conv2d(2, 3, (3, 1)), "its kernel is (3, 1)"),
    "strides": (nn.Conv2d(2, 3, 3, stride=(2, 1)), "its stride is (2, 1)"),
    "wide": (nn.Conv2d(2, 3, 3, padding=2), "2 + 2 zeros around its images"),
    "groups": (nn.Conv2d(2, 4, 3, groups=2), "groups"),
    "gaps": (nn.Conv2d(2, 4, 3, dilation=2), "gaps"),
    "overlapping": (nn.MaxPool2d(3, stride=2), "are 2 apart"),
    "over_the_edge": (nn.MaxPool2d(2, padding=1), "over the edge"),
    "ceiling": (nn.AvgPool2d(5, ceil_mode=True), "over the edge"),
    "channels": (nn.Dropout2d(0.2), "it drops whole features"),
    "uneven": (nn.AdaptiveAvgPool2d((3, 2)), "not square tiles"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_language_lacks_is_refused_with_its_reason(name: str) -> None:
    layer, reason = REFUSED[name]
    reading = read_torch(Mixed(layer), (torch.zeros(2, 2, 8, 8),))
    assert reading.wirings is None
    assert any(reason in fault.reason for fault in reading.unread), reading.unread


def test_windows_over_time_and_images_together_are_refused() -> None:
    class Volumes(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv3d(3, 4, 3)

        def forward(self, clip: Tensor) -> Tensor:
            return self.conv(clip).mean((2, 3, 4))

    reading = read_torch(Volumes(), (torch.zeros(2, 3, 5, 6, 6),))
    assert reading.wirings is None
    assert any("Conv2d" in fault.way for fault in reading.unread)


BETWEEN: dict[str, tuple[Callable[[Tensor], Tensor], int]] = {
    "some_channels": (lambda x: x[:, :2], 2 * 6 * 4),
    "some_rows": (lambda x: x[:, :, 2:], 4 * 4 * 4),
    "turned": (lambda x: torch.cat([x[:, :1].flatten(1), x[:, 1:].flatten(1)], 1), 4 * 6 * 4),
    "mean_of_rows": (lambda x: x.mean(3), 4 * 6),
    "sum": (lambda x: x.sum((2, 3)), 4),
}


# Parts of channels are flattened as the whole is: that is the whole. Rows are the columns of the image that is turned.
READ = {"turned", "some_rows", "mean_of_rows"}


@pytest.mark.parametrize("name", BETWEEN)
def test_a_part_of_an_image_is_never_taken_for_another(name: str) -> None:
    between, features = BETWEEN[name]
    module, image = Applied(between, features), torch.zeros(2, 2, 6, 4)
    reading = read_torch(module, (image,))
    assert (reading.wirings is not None) == (name in READ), reading.unread
    if name == "some_rows":
        with pytest.raises(seqdsl.ReadError, match="cannot be drawn"):
            import_live(module, (image,))
    elif name in READ:
        # With its own weights it gives the same, or this raises.
        assert import_live(module, (image,)).outcome.own is not None
