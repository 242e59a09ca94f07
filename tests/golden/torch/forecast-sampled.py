"""PyTorch model forecast-sampled: many-to-many padded, feedback, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SampleNormal(nn.Module):
    """Draw values, given their means and standard deviations side by side."""

    def forward(self, x: Tensor) -> Tensor:
        mean, deviation = x.chunk(2, dim=-1)
        # Gradients pass to both (Kingma and Welling 2014).
        return mean + deviation * torch.randn_like(mean)


class ForecastSampled(nn.Module):
    r"""Map a sequence ``history`` to a sequence ``z``.

                          Z   Z   Z   Z     sample(normal)
                          |\  |\  |\  |\
                          M | M | M | M |   dense(1)
                          | S | S | S | S   dense(1, softplus)
                          |/  |/  |/  |/
        H---H---...---H---H---H---H---H     lstm(16)
        |   |         |   |   |   |   |
        |   |         |   |   z   z   z
        |   |         |   |
        X   X   ...   X   X                 input(1, name=history)

    Shapes, without the batch:
        input history: (None, 1) float32
        output z: (4, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(1, 16, batch_first=True)
        self.dense_s = nn.Linear(16, 1)
        self.dense_m = nn.Linear(16, 1)
        self.drawn_z = SampleNormal()

    def forward(self, history: Tensor) -> Tensor:
        _, lstm_h_known_state = self.lstm_h(history[:, :-1])
        z = history[:, -1]
        lstm_h_state = lstm_h_known_state
        z_steps = []
        for _ in range(4):
            lstm_h, lstm_h_state = self.lstm_h(z.unsqueeze(1), lstm_h_state)
            lstm_h = lstm_h.squeeze(1)
            dense_s = F.softplus(self.dense_s(lstm_h))
            dense_m = self.dense_m(lstm_h)
            joined = torch.cat((dense_m, dense_s), dim=-1)
            z = self.drawn_z(joined)
            z_steps.append(z)
        return torch.stack(z_steps, dim=1)


def build_model() -> ForecastSampled:
    """Build the model, with random weights."""
    return ForecastSampled()


if __name__ == "__main__":
    model = build_model()
    print(model)
    history = torch.randn(2, 7, 1)
    with torch.no_grad():
        outputs = model(history)
    print("z", tuple(outputs.shape))
