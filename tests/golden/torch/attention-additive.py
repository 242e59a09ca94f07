"""PyTorch model attention-additive: encoder-decoder, bidirectional, attention."""

import torch
from torch import Tensor, nn


class BahdanauAttention(nn.Module):
    """Attention by a trained vector, of projected queries and keys (Bahdanau et al. 2014)."""

    def __init__(self, query: int, keys: int, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.query = nn.Linear(query, width, bias=False)
        self.key = nn.Linear(keys, width, bias=False)
        self.score = nn.Linear(width, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Attend to the steps that are true in ``mask``, (batch, queries, steps)."""
        # Every query with every key: (batch, queries, steps, features).
        pairs = torch.tanh(self.query(query)[:, :, None] + self.key(keys)[:, None])
        scores = self.score(pairs).squeeze(-1)
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        weights: Tensor = self.dropout(scores.softmax(dim=-1))
        return weights @ values


class AttentionAdditive(nn.Module):
    r"""Map sequences ``x`` and ``z`` to a sequence ``y``.

                  Y     Y     Y     dense(9, softmax)
                  |\    |\    |\
                  C |   C |   C |   attention(score=additive, key=10)
                 /| |  /| |  /| |
        +-+-+---+-|-|-+-|-|-+ | |
        | | |     |/    |/    |/
        E=E=E     D-----D-----D
        | | |     |     |     |
        X X X     Z     Z     Z

        X = input(8)
        Z = input(6)
        E = gru(7, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 6) float32
        output y: (3, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(8, 7, batch_first=True, bidirectional=True)
        self.decoder = nn.GRU(6, 12, batch_first=True)
        self.attention_c = BahdanauAttention(12, 14, 10)
        self.dense_y = nn.Linear(26, 9)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        encoder, _ = self.encoder(x)
        decoder, _ = self.decoder(z)
        attention_c = self.attention_c(decoder, encoder, encoder)
        joined = torch.cat((attention_c, decoder), dim=-1)
        return torch.softmax(self.dense_y(joined), dim=-1)


def build_model() -> AttentionAdditive:
    """Build the model, with random weights."""
    return AttentionAdditive()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 8)
    z = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(x, z)
    print("y", tuple(outputs.shape))
