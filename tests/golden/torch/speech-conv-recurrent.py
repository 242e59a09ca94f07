"""PyTorch model speech-conv-recurrent: many-to-many aligned, stacked 2, bidirectional, convolutional."""

import torch
from torch import Tensor, nn


class SpeechConvRecurrent(nn.Module):
    """Map a sequence ``spectrum`` to a sequence ``y``.

        Y Y Y Y Y Y   dense(11, softmax)
        | | | | | |
        G=G=G=G=G=G   gru(8)
        | | | | | |
        H=H=H=H=H=H   gru(8)
        | | | | | |
        B B B B B B   batchnorm
        | | | | | |
        F F F F F F   conv(10, 3, relu)
        | | | | | |
        X X X X X X   input(13, name=spectrum)

    Shapes, without the batch:
        input spectrum: (6, 13) float32
        output y: (6, 11)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(13, 10, 3, padding=1)
        self.batchnorm_b = nn.BatchNorm1d(10)
        # gru_h and gru_g, from the bottom up.
        self.gru_h = nn.GRU(10, 8, num_layers=2, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(16, 11)

    def forward(self, spectrum: Tensor) -> Tensor:
        conv_f = torch.relu(self.conv_f(spectrum.transpose(1, 2)))
        batchnorm_b = self.batchnorm_b(conv_f).transpose(1, 2)
        gru_h, _ = self.gru_h(batchnorm_b)
        return torch.softmax(self.dense_y(gru_h), dim=-1)


def build_model() -> SpeechConvRecurrent:
    """Build the model, with random weights."""
    return SpeechConvRecurrent()


if __name__ == "__main__":
    model = build_model()
    print(model)
    spectrum = torch.randn(2, 6, 13)
    with torch.no_grad():
        outputs = model(spectrum)
    print("y", tuple(outputs.shape))
