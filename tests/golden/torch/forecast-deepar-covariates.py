"""PyTorch model forecast-deepar-covariates: encoder-decoder, state handoff, feedback."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SampleNormal(nn.Module):
    """Draw values, given their means and standard deviations side by side."""

    def forward(self, x: Tensor) -> Tensor:
        mean, deviation = x.chunk(2, dim=-1)
        # Gradients pass to both (Kingma and Welling 2014).
        return mean + deviation * torch.randn_like(mean)


class ForecastDeeparCovariates(nn.Module):
    r"""Map 2 sequences and a vector to a sequence.

                    Z     Z     Z     sample(normal)
                    |\    |\    |\
                    M |   M |   M |   dense(1)
                    | S   | S   | S   dense(1, softplus)
                    |/    |/    |/
        E-E-E-E-----D-----D-----D
        | | | |    /|    /|    /|
        | | | |   A |   z |   z |
        | | | |     |     |     |
        V V V V     X     X     X

        V = input(4, name=history)
        A = input(1, name=last_value)
        X = input(3, name=calendar)
        E = lstm(7, name=encoder)
        D = lstm(7, name=decoder)

    Shapes, without the batch:
        input history: (4, 4) float32
        input last_value: (1,) float32
        input calendar: (3, 3) float32
        output z: (3, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(4, 7, batch_first=True)
        self.decoder = nn.LSTM(4, 7, batch_first=True)
        self.dense_s = nn.Linear(7, 1)
        self.dense_m = nn.Linear(7, 1)
        self.drawn_z = SampleNormal()

    def forward(self, history: Tensor, last_value: Tensor, calendar: Tensor) -> Tensor:
        _, encoder_state = self.encoder(history)
        z = last_value
        decoder_state = encoder_state
        z_steps = []
        calendar_steps = calendar.unbind(1)
        for step in range(3):
            joined = torch.cat((z, calendar_steps[step]), dim=-1)
            decoder, decoder_state = self.decoder(joined.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            dense_s = F.softplus(self.dense_s(decoder))
            dense_m = self.dense_m(decoder)
            joined_2 = torch.cat((dense_m, dense_s), dim=-1)
            z = self.drawn_z(joined_2)
            z_steps.append(z)
        return torch.stack(z_steps, dim=1)


def build_model() -> ForecastDeeparCovariates:
    """Build the model, with random weights."""
    return ForecastDeeparCovariates()


if __name__ == "__main__":
    model = build_model()
    print(model)
    history = torch.randn(2, 4, 4)
    last_value = torch.randn(2, 1)
    calendar = torch.randn(2, 3, 3)
    with torch.no_grad():
        outputs = model(history, last_value, calendar)
    print("z", tuple(outputs.shape))
