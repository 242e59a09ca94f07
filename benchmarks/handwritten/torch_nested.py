"""sizes → PyTorch modules by hand: grids in steps, blocks of blocks."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F


class Frames(nn.Module):
    """A convolution of every frame, then an LSTM over the frames: batch and steps are one axis meanwhile."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.lstm = nn.LSTM(8 * 8 * 8, units, batch_first=True)
        self.head = nn.Linear(units, 10)

    def forward(self, x: Tensor) -> Tensor:
        # (batch, steps, channels, height, width)
        maps = F.max_pool2d(F.relu(self.conv(x.flatten(0, 1))), 2)
        h, _ = self.lstm(maps.flatten(1).unflatten(0, x.shape[:2]))
        return self.head(h[:, -1]).softmax(-1)


def frames(units: int) -> nn.Module:
    return Frames(units)


class Block(nn.Module):
    """A block of a decoder-only transformer, normalized in front."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, 2, batch_first=True)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        steps = x.shape[1]
        later = nn.Transformer.generate_square_subsequent_mask(steps, device=x.device)
        read = self.first(x)
        attended, _ = self.attention(
            read, read, read, attn_mask=later, is_causal=True, need_weights=False
        )
        x = x + attended
        return x + self.narrow(F.gelu(self.wide(self.second(x))))


def block_stack(width: int) -> nn.Module:
    return nn.Sequential(Block(width), Block(width), nn.Linear(width, 10))
