"""handwritten PyTorch cells, as they are in repositories, and models that run them, in small sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable


class ConvLSTMCell(nn.Module):
    """All gates by one convolution of the input and the state, as most repositories have it."""

    def __init__(self, channels: int, hidden: int, kernel: int, *, bias: bool = True) -> None:
        super().__init__()
        self.hidden = hidden
        self.conv = nn.Conv2d(channels + hidden, 4 * hidden, kernel, padding=kernel // 2, bias=bias)

    def forward(self, x: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        h_cur, c_cur = state
        gates = self.conv(torch.cat([x, h_cur], dim=1))
        cc_i, cc_f, cc_o, cc_g = torch.split(gates, self.hidden, dim=1)
        i, f, o = torch.sigmoid(cc_i), torch.sigmoid(cc_f), torch.sigmoid(cc_o)
        c_next = f * c_cur + i * torch.tanh(cc_g)
        return o * torch.tanh(c_next), c_next

    def begin(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """The state before the first frame."""
        shape = (frames.size(0), self.hidden, *frames.shape[-2:])
        device = self.conv.weight.device
        return torch.zeros(shape, device=device), torch.zeros(shape, device=device)


class NextFrame(nn.Module):
    """Two rows of them in loops, a convolution of the last state."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = nn.ModuleList([ConvLSTMCell(1, 3, 3), ConvLSTMCell(3, 2, 5)])
        self.head = nn.Conv2d(2, 1, 1)

    def forward(self, video: Tensor) -> Tensor:
        layer = video
        for cell in self.cells:
            state, seen = cell.begin(video), []
            for step in range(video.size(1)):
                state = cell(layer[:, step], state)
                seen.append(state[0])
            layer = torch.stack(seen, dim=1)
        return torch.sigmoid(self.head(layer[:, -1]))


class GateByGate(nn.Module):
    """A cell with a convolution for each gate and side; without a state it begins with zeros."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.x = nn.ModuleDict({gate: nn.Conv2d(channels, hidden, 3, 1, 1) for gate in "ifco"})
        self.h = nn.ModuleDict(
            {gate: nn.Conv2d(hidden, hidden, 3, 1, 1, bias=False) for gate in "ifco"}
        )

    def forward(self, x: Tensor, state: Any = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        if state is None:
            zeros = torch.zeros(x.size(0), self.hidden, x.size(2), x.size(3))
            state = zeros, zeros
        h, c = state
        i, f, o = (torch.sigmoid(self.x[gate](x) + self.h[gate](h)) for gate in "ifo")
        c = f * c + i * (self.x["c"](x) + self.h["c"](h)).tanh()
        h = o * c.tanh()
        return h, (h, c)


class Forecaster(nn.Module):
    """Its own frames go on where the known ones end."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = GateByGate(1, 3)
        self.frame = nn.Conv2d(3, 1, 3, padding="same")

    def forward(self, video: Tensor) -> Tensor:
        state, frames = None, []
        for known in video.unbind(1):
            out, state = self.cell(known, state)
        for _ in range(3):
            frames.append(self.frame(out))
            out, state = self.cell(frames[-1], state)
        return torch.stack(frames, 1)


class ConvGRUCell(nn.Module):
    """A GRU whose gates are convolutions (Ballas et al. 2016)."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.gates = nn.Conv2d(channels + hidden, 2 * hidden, 3, padding=1)
        self.new = nn.Conv2d(channels + hidden, hidden, 3, padding=1)

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        reset, update = self.gates(torch.cat((x, h), 1)).sigmoid().chunk(2, 1)
        candidate = torch.tanh(self.new(torch.cat((x, reset * h), 1)))
        return (1 - update) * h + update * candidate


class Tracker(nn.Module):
    """The mean of its last state says where something is."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.place = ConvGRUCell(2, 4), nn.Linear(4, 2)

    def forward(self, frames: Tensor) -> Tensor:
        h = frames.new_zeros(frames.size(0), 4, *frames.shape[3:])
        for frame in frames.unbind(1):
            h = self.cell(frame, h)
        return self.place(h.mean((2, 3)))


class NormalizedLSTM(nn.Module):
    """An LSTM over all steps with a normalization of each gate, a matrix for each side (Ba et al. 2016)."""

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.of_x, self.of_h = nn.Linear(features, 4 * units), nn.Linear(units, 4 * units, False)
        self.norms = nn.ModuleList([nn.LayerNorm(units) for _ in range(5)])

    def forward(self, x: Tensor, state: Any = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        if state is None:
            state = tuple(x.new_zeros(x.size(0), self.units) for _ in range(2))
        h, c = state
        outputs = []
        for step in range(x.size(1)):
            gates = (self.of_x(x[:, step]) + self.of_h(h)).chunk(4, dim=-1)
            i, f, g, o = (norm(gate) for norm, gate in zip(self.norms, gates, strict=False))
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * torch.tanh(self.norms[4](c))
            outputs.append(h)
        return torch.stack(outputs, 1), (h, c)


class Normalized(nn.Module):
    """The row, and what comes of its last step."""

    def __init__(self) -> None:
        super().__init__()
        self.run, self.out = NormalizedLSTM(3, 4), nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        outputs, _ = self.run(x)
        return self.out(outputs[:, -1])


class Peephole(nn.Module):
    """Gates that read the memory, too, with bare weights in PyTorch's order (Gers & Schmidhuber 2000)."""

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.w, self.u = (nn.Parameter(torch.randn(size, 4 * units)) for size in (features, units))
        self.b = nn.Parameter(torch.randn(4 * units))
        self.peep_i, self.peep_f, self.peep_o = (nn.Parameter(torch.randn(units)) for _ in range(3))

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        i, f, g, o = torch.chunk(x @ self.w + h @ self.u + self.b, 4, 1)
        i, f = torch.sigmoid(i + self.peep_i * c), torch.sigmoid(f + self.peep_f * c)
        c = f * c + i * torch.tanh(g)
        return torch.sigmoid(o + self.peep_o * c) * torch.tanh(c), c


class Timed(nn.Module):
    """A loop over the cell from states that are inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.out = Peephole(3, 4), nn.Linear(4, 1)

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> Tensor:
        steps = []
        for now in x.unbind(1):
            h, c = self.cell(now, h, c)
            steps.append(self.out(h))
        return torch.stack(steps, 1)


VIDEO = torch.zeros(2, 4, 1, 6, 5)
X = torch.zeros(2, 5, 3)
MODELS: dict[str, tuple[Callable[[], nn.Module], tuple[Tensor, ...]]] = {
    "next_frame": (NextFrame, (VIDEO,)),
    "forecaster": (Forecaster, (VIDEO,)),
    "tracker": (Tracker, (torch.zeros(2, 4, 2, 5, 6),)),
    "normalized": (Normalized, (X,)),
    "timed": (Timed, (X, torch.zeros(2, 4), torch.zeros(2, 4))),
}
