"""PyTorch model video-gated-convolutions: many-to-one."""

import torch
from torch import Tensor, nn


class Convgru(nn.Module):
    """A cell of the picture, run over all steps.

    cell convgru(units):
        z, r = split(sigmoid(conv2d(x, h, kernel=3, features=2 * units)), 2)
        n = tanh(conv2d(x, r * h, kernel=3))
        h = z * h + (1 - z) * n
    """

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.zr_x = nn.Conv2d(features, 2 * units, 3, padding="same")
        self.zr_h = nn.Conv2d(units, 2 * units, 3, padding="same", bias=False)
        self.n_x = nn.Conv2d(features, units, 3, padding="same")
        self.n_rh = nn.Conv2d(units, units, 3, padding="same", bias=False)

    def forward(self, x: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Map (batch, steps, features, height, width) to all outputs and last state.

        A state is (1, batch, units, height, width).
        """
        if state is None:
            state = x.new_zeros(1, x.shape[0], self.units, *x.shape[-2:])
        h = state[0]
        # What depends on x alone, for all steps at once.
        zr_x = self.zr_x(x.flatten(0, 1)).unflatten(0, x.shape[:2])
        n_x = self.n_x(x.flatten(0, 1)).unflatten(0, x.shape[:2])
        outputs: list[Tensor] = []
        for zr_x_now, n_x_now in zip(zr_x.unbind(1), n_x.unbind(1), strict=True):
            z, r = torch.sigmoid(zr_x_now + self.zr_h(h)).chunk(2, dim=-3)
            n = torch.tanh(n_x_now + self.n_rh(r * h))
            h = z * h + (1 - z) * n
            outputs.append(h)
        return torch.stack(outputs, dim=1), h[None]


class VideoGatedConvolutions(nn.Module):
    """Map a sequence of grids ``features`` to a vector ``y``.

        cell convgru(units):
            z, r = split(sigmoid(conv2d(x, h, kernel=3, features=2 * units)), 2)
            n = tanh(conv2d(x, r * h, kernel=3))
            h = z * h + (1 - z) * n

                Y   dense(4, softmax)
                |
                M   mean(grid)
                |
        H H H H H   convgru(4)
        | | | | |
        X X X X X   input(5, 6, 2, name=features)

    Shapes, without the batch:
        input features: (5, 2, 5, 6) float32
        output y: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.convgru_h = Convgru(2, 4)
        self.dense_y = nn.Linear(4, 4)

    def forward(self, features: Tensor) -> Tensor:
        _, h_n = self.convgru_h(features)
        pooled_m = h_n[-1].mean(dim=(-2, -1))
        return torch.softmax(self.dense_y(pooled_m), dim=-1)


def build_model() -> VideoGatedConvolutions:
    """Build the model, with random weights."""
    return VideoGatedConvolutions()


if __name__ == "__main__":
    model = build_model()
    print(model)
    features = torch.randn(2, 5, 2, 5, 6)
    with torch.no_grad():
        outputs = model(features)
    print("y", tuple(outputs.shape))
