"""PyTorch model nowcast-encoder-forecaster: encoder-decoder, state handoff."""

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


class NowcastEncoderForecaster(nn.Module):
    """Map a sequence of grids to a sequence of grids.

                Y Y Y   conv2d(1, 1)
                | | |
        E-E-E-E-D-D-D
        | | | |
        X X X X

        X = input(5, 5, 1, name=radar)
        E = convlstm(4, 3)
        D = convlstm(4, 3)

    Shapes, without the batch:
        input radar: (4, 1, 5, 5) float32
        output y: (3, 1, 5, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.convlstm_e = ConvLSTM(1, 4, 3)
        self.convlstm_d = ConvLSTM(1, 4, 3)
        self.conv2d_y = nn.Conv2d(4, 1, 1)

    def forward(self, radar: Tensor) -> Tensor:
        _, convlstm_e_state = self.convlstm_e(radar)
        zeros = radar.new_zeros(radar.shape[0], 3, 1, 5, 5)
        convlstm_d, _ = self.convlstm_d(zeros, convlstm_e_state)
        folded = convlstm_d.flatten(0, 1)
        return torch.unflatten(self.conv2d_y(folded), 0, convlstm_d.shape[:2])


def build_model() -> NowcastEncoderForecaster:
    """Build the model, with random weights."""
    return NowcastEncoderForecaster()


if __name__ == "__main__":
    model = build_model()
    print(model)
    radar = torch.randn(2, 4, 1, 5, 5)
    with torch.no_grad():
        outputs = model(radar)
    print("y", tuple(outputs.shape))
