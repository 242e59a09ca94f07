"""PyTorch model translation-shared-embedding: encoder-decoder, shared weights, state handoff."""

import torch
from torch import Tensor, nn


class TranslationSharedEmbedding(nn.Module):
    """Map 2 sequences to a sequence.

                Y Y Y   dense(30, softmax)
                | | |
        E-E-E---D-D-D
        | | |   | | |
        | | |   W W W
        | | |   | | |
        W W W   | | |
        | | |   | | |
        X X X   Z Z Z

        X = tokens(30, name=source)
        Z = tokens(30, name=target)
        W = embedding(8)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input source: (3,) int32
        input target: (3,) int32
        output y: (3, 30)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.encoder = nn.GRU(8, 12, batch_first=True)
        self.decoder = nn.GRU(8, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 30)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        embedding_w_1 = self.embedding_w(source)
        embedding_w_2 = self.embedding_w(target)
        _, encoder_state = self.encoder(embedding_w_1)
        decoder, _ = self.decoder(embedding_w_2, encoder_state)
        return torch.softmax(self.dense_y(decoder), dim=-1)


def build_model() -> TranslationSharedEmbedding:
    """Build the model, with random weights."""
    return TranslationSharedEmbedding()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(30, (2, 3))
    target = torch.randint(30, (2, 3))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
