"""PyTorch model speech-lengths: many-to-many aligned, stacked 2, bidirectional, convolutional, masked, variable length."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class SpeechLengths(nn.Module):
    """Map a sequence ``spectrum`` to a sequence ``y``.

        Y ... Y   dense(11, log_softmax)
        |     |
        G=...=G   gru(8)
        |     |
        H=...=H   gru(8)
        |     |
        F ... F   conv(10, 3, relu)
        |     |
        X ... X   input(13, lengths=true, name=spectrum)

    Shapes, without the batch:
        input spectrum: (None, 13) float32
        input spectrum_lengths: () int32, valid steps of spectrum
        output y: (None, 11)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(13, 10, 3, padding=1)
        # gru_h and gru_g, from the bottom up.
        self.gru_h = nn.GRU(10, 8, num_layers=2, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(16, 11)

    def forward(self, spectrum: Tensor, spectrum_lengths: Tensor) -> Tensor:
        steps = torch.arange(spectrum.shape[1], device=spectrum.device)
        mask = steps < spectrum_lengths[:, None]
        spectrum = spectrum.masked_fill(~mask[..., None], 0)
        conv_f = torch.relu(self.conv_f(spectrum.transpose(1, 2))).transpose(1, 2)
        packed = pack_padded_sequence(
            conv_f,
            spectrum_lengths.clamp(min=1).cpu().long(),
            batch_first=True,
            enforce_sorted=False,
        )
        gru_h, _ = self.gru_h(packed)
        gru_h, _ = pad_packed_sequence(
            gru_h,
            batch_first=True,
            total_length=mask.shape[1],
        )
        gru_h = gru_h.masked_fill(~mask[..., None], 0)
        y = torch.log_softmax(self.dense_y(gru_h), dim=-1)
        return y.masked_fill(~mask[..., None], 0)


def build_model() -> SpeechLengths:
    """Build the model, with random weights."""
    return SpeechLengths()


if __name__ == "__main__":
    model = build_model()
    print(model)
    spectrum = torch.randn(2, 5, 13)
    spectrum_lengths = torch.tensor([5, 1])
    with torch.no_grad():
        outputs = model(spectrum, spectrum_lengths)
    print("y", tuple(outputs.shape))
