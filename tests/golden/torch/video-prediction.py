"""PyTorch model video-prediction: many-to-many aligned, stacked 2, feedback, variable length."""

import torch
from torch import Tensor, nn


class ConvLSTM(nn.Module):
    """A convolutional LSTM, run over all steps.

    cell convlstm(filters, kernel):
        i, f, g, o = split(conv2d(x, h, kernel=kernel, features=4 * filters), 4)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(c)
    """

    def __init__(self, features: int, filters: int, kernel: int) -> None:
        super().__init__()
        self.filters = filters
        self.conv_x = nn.Conv2d(features, 4 * filters, kernel, padding="same")
        self.conv_h = nn.Conv2d(
            filters,
            4 * filters,
            kernel,
            padding="same",
            bias=False,
        )

    def forward(
        self,
        x: Tensor,
        state: tuple[Tensor, ...] | None = None,
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Map (batch, steps, features, height, width) to all outputs and last state.

        The parts of a state, h and c, are (1, batch, filters, height, width).
        """
        if state is None:
            zeros = x.new_zeros(1, x.shape[0], self.filters, *x.shape[-2:])
            state = (zeros, zeros)
        h, c = (part[0] for part in state)
        # What depends on x alone, for all steps at once.
        conv_x = self.conv_x(x.flatten(0, 1)).unflatten(0, x.shape[:2])
        outputs: list[Tensor] = []
        for conv_x_now in conv_x.unbind(1):
            i, f, g, o = (conv_x_now + self.conv_h(h)).chunk(4, dim=-3)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        last = tuple(part[None] for part in (h, c))
        return torch.stack(outputs, dim=1), last


class VideoPrediction(nn.Module):
    """Map a sequence of grids to a sequence of grids.

        Y Y ... Y   conv2d(1, 3, sigmoid)
        | |     |
        H-H-...-H   convlstm(3, 3)
        | |     |
        G-G-...-G   convlstm(4, 3)
        | |     |
        Z Z ... Z   input(6, 6, 1, feedback=Y, name=frames)

    Shapes, without the batch:
        input frames: (None, 1, 6, 6) float32
        output y: (None, 1, 6, 6)
    """

    def __init__(self) -> None:
        super().__init__()
        self.convlstm_g = ConvLSTM(1, 4, 3)
        self.convlstm_h = ConvLSTM(4, 3, 3)
        self.conv2d_y = nn.Conv2d(3, 1, 3, padding=1)

    def forward(self, frames: Tensor) -> Tensor:
        convlstm_g, _ = self.convlstm_g(frames)
        convlstm_h, _ = self.convlstm_h(convlstm_g)
        folded = convlstm_h.flatten(0, 1)
        return torch.unflatten(
            torch.sigmoid(self.conv2d_y(folded)),
            0,
            convlstm_h.shape[:2],
        )

    def decode(
        self,
        frames: Tensor,
        convlstm_g_state: tuple[Tensor, ...] | None,
        convlstm_h_state: tuple[Tensor, ...] | None,
    ) -> tuple[Tensor, tuple[Tensor, ...], tuple[Tensor, ...]]:
        """The next steps, and the state behind them."""
        convlstm_g, convlstm_g_state = self.convlstm_g(frames, convlstm_g_state)
        convlstm_h, convlstm_h_state = self.convlstm_h(convlstm_g, convlstm_h_state)
        folded = convlstm_h.flatten(0, 1)
        y = torch.unflatten(
            torch.sigmoid(self.conv2d_y(folded)),
            0,
            convlstm_h.shape[:2],
        )
        return y, convlstm_g_state, convlstm_h_state

    @torch.no_grad()
    def generate(self, *, start: Tensor, steps: int) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``frames``.

        Args:
            start: the first grids, (batch, steps, channels, height, width), of one step
                without that axis.
            steps: how many steps to generate.

        Returns:
            Values, (batch, steps, channels, height, width), without those given.
        """
        if steps < 1:
            raise ValueError(f"steps should be at least 1, it is {steps}")
        convlstm_g_state: tuple[Tensor, ...] | None = None
        convlstm_h_state: tuple[Tensor, ...] | None = None
        frames = start[:, None] if start.dim() == 4 else start
        if frames.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, convlstm_g_state, convlstm_h_state = self.decode(
                frames,
                convlstm_g_state,
                convlstm_h_state,
            )
            frames = y[:, -1:]
            generated.append(frames)
        return torch.cat(generated, dim=1)


def build_model() -> VideoPrediction:
    """Build the model, with random weights."""
    return VideoPrediction()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 6, 1, 6, 6)
    with torch.no_grad():
        outputs = model(frames)
    print("y", tuple(outputs.shape))
