"""PyTorch model keyword-spotting-stream: many-to-many aligned, convolutional, stateful, variable length."""

import torch
from torch import Tensor, nn


class KeywordSpottingStream(nn.Module):
    """Map a sequence ``spectrum`` to a sequence ``y``.

          Y Y ... Y
          | |     |
        *-H-H-...-H-*
          | |     |
          F F ... F
          | |     |
          X X ... X

        X = input(40, name=spectrum)
        F = conv(32, 3, relu, padding=causal)
        H = gru(64)
        Y = dense(12, softmax)

    Shapes, without the batch:
        input spectrum: (None, 40) float32
        output y: (None, 12)
        state f_state: (2, 40)
        state h_state: (64,)

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(40, 32, 3)
        self.gru_h = nn.GRU(32, 64, batch_first=True)
        self.dense_y = nn.Linear(64, 12)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return weight.new_zeros(batch, 2, 40), weight.new_zeros(batch, 64)

    def forward(
        self,
        spectrum: Tensor,
        f_state: Tensor | None = None,
        h_state: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        zeros = self.zero_states(spectrum.shape[0])
        f_state = zeros[0] if f_state is None else f_state
        h_state = zeros[1] if h_state is None else h_state
        conv_f_steps = torch.cat((f_state, spectrum), dim=1)
        conv_f = torch.relu(self.conv_f(conv_f_steps.transpose(1, 2))).transpose(1, 2)
        gru_h, h_n = self.gru_h(conv_f, h_state.unsqueeze(0))
        y = torch.softmax(self.dense_y(gru_h), dim=-1)
        return y, conv_f_steps[:, -2:], h_n[0]


def build_model() -> KeywordSpottingStream:
    """Build the model, with random weights."""
    return KeywordSpottingStream()


if __name__ == "__main__":
    model = build_model()
    print(model)
    spectrum = torch.randn(2, 6, 40)
    with torch.no_grad():
        outputs = model(spectrum)
    for name, output in zip(["y", "f_state", "h_state"], outputs, strict=True):
        print(name, tuple(output.shape))
