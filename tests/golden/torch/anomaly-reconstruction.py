"""PyTorch model anomaly-reconstruction: encoder-decoder, state handoff, feedback."""

import torch
from torch import Tensor, nn


class AnomalyReconstruction(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                  Y Y Y Y   dense(2)
                  | | | |
        E-E-E-E---D-D-D-D
        | | | |   | | | |
        X X X X   y y y y

        X = input(2)
        E = lstm(6, name=encoder)
        D = lstm(6, name=decoder)

    Shapes, without the batch:
        input x: (4, 2) float32
        output y: (4, 2)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(2, 6, batch_first=True)
        self.decoder = nn.LSTM(2, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        _, encoder_state = self.encoder(x)
        y = x.new_zeros(x.shape[0], 2)
        decoder_state = encoder_state
        y_steps = []
        for _ in range(4):
            decoder, decoder_state = self.decoder(y.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            y = self.dense_y(decoder)
            y_steps.append(y)
        return torch.stack(y_steps, dim=1)


def build_model() -> AnomalyReconstruction:
    """Build the model, with random weights."""
    return AnomalyReconstruction()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
