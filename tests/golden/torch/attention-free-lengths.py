"""PyTorch model attention-free-lengths: encoder-decoder, attention, state handoff, variable length."""

import torch
from torch import Tensor, nn


class AttentionFreeLengths(nn.Module):
    """Map 2 sequences to a sequence.

                    Y ..t.. Y   dense(9, softmax)
                    |       |
                    C  ...  C   attention
                   /|      /|
        +-------+-+-|-----+ |
        |       |   |       |
        E-..s..-E---D-..t..-D
        |       |   |       |
        X ..s.. X   Z ..t.. Z

        X = input(8, name=source)
        Z = input(7, name=target)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input source: (s, 8) float32
        input target: (t, 7) float32
        output y: (t, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(8, 12, batch_first=True)
        self.decoder = nn.GRU(7, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 9)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        encoder, encoder_state = self.encoder(source)
        decoder, _ = self.decoder(target, encoder_state)
        weights = torch.softmax(decoder @ encoder.transpose(1, 2), dim=-1)
        attention_c = weights @ encoder
        return torch.softmax(self.dense_y(attention_c), dim=-1)


def build_model() -> AttentionFreeLengths:
    """Build the model, with random weights."""
    return AttentionFreeLengths()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randn(2, 5, 8)
    target = torch.randn(2, 5, 7)
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
