"""PyTorch model video-own-frames: one-to-many, residual, feedback."""

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


class VideoOwnFrames(nn.Module):
    r"""Map a grid ``frame`` to a sequence of grids ``y``.

        Y   Y   Y   Y     add
        |\  |\  |\  |\
        | C | C | C | C   conv2d(1, 3, tanh)
        | | | | | | | |
        | H-|-H-|-H-|-H   convlstm(4, 3)
        |/  |/  |/  |/
        S   y   y   y

        S = input(6, 6, 1, name=frame)

    Shapes, without the batch:
        input frame: (1, 6, 6) float32
        output y: (4, 1, 6, 6)
    """

    def __init__(self) -> None:
        super().__init__()
        self.convlstm_h = ConvLSTM(1, 4, 3)
        self.conv2d_c = nn.Conv2d(4, 1, 3, padding=1)

    def forward(self, frame: Tensor) -> Tensor:
        y = frame
        convlstm_h_state = None
        y_steps = []
        for _ in range(4):
            convlstm_h, convlstm_h_state = self.convlstm_h(
                y.unsqueeze(1),
                convlstm_h_state,
            )
            convlstm_h = convlstm_h.squeeze(1)
            conv2d_c = torch.tanh(self.conv2d_c(convlstm_h))
            y = y + conv2d_c
            y_steps.append(y)
        return torch.stack(y_steps, dim=1)


def build_model() -> VideoOwnFrames:
    """Build the model, with random weights."""
    return VideoOwnFrames()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frame = torch.randn(2, 1, 6, 6)
    with torch.no_grad():
        outputs = model(frame)
    print("y", tuple(outputs.shape))
