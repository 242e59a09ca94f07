"""PyTorch modules of reports against other converters, beside those of `tests.importers.torch_models`."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.ported.catalog import TORCH


@TORCH.ported("x=7,12")
class WideGru(nn.Module):
    """keras #15915: two wide rows of a GRU, whose gates come in another order and with two biases."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(12, 512, num_layers=2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.gru(x)[0]


@TORCH.ported("x=6,4")
class ResetBehind(nn.Module):
    """onnxscript #2852: the gate that resets acts behind the recurrent matrix, with its bias."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(4, 5, batch_first=True)
        for name, bias in self.gru.named_parameters():
            if name.startswith("bias_hh"):
                nn.init.normal_(bias, std=2.0)

    def forward(self, x: Tensor) -> Tensor:
        return self.gru(x)[0]


class Packed(nn.Module):
    """pytorch #171978, #112044: packed sequences, which `torch.export` does not take."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.out = nn.Linear(4, 2)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        padded, _ = pad_packed_sequence(
            self.lstm(packed)[0], batch_first=True, total_length=x.size(1)
        )
        return self.out(padded)


@TORCH.ported(differs="without a valid step")
def packed_series() -> object:
    return Packed(), (torch.zeros(2, 5, 3), torch.tensor([5, 3]))


@TORCH.ported("x=5,3", "h=2,B,4", "c=2,B,4", differs="takes it as")
class StatesBothWays(nn.Module):
    """onnx-tensorflow #409: a bidirectional LSTM with its states as arguments."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> Tensor:
        return self.lstm(x, (h, c))[0]
