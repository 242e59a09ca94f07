"""PyTorch model session-attention-tied: many-to-one, attention, variable length."""

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


class SessionAttentionTied(nn.Module):
    r"""Map a sequence ``items`` to a vector ``y``.

                Y     dense(tied=W, softmax)
                |
                B     dense(5, bias=false)
                |\
                C |
                |/
        H-H-...-H     gru(6)
        | |     |
        W W ... W     embedding(5)
        | |     |
        X X ... X     tokens(20, name=items)

        C = attention(H, score=additive, key=4)

    Shapes, without the batch:
        input items: (None,) int32
        output y: (20,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(20, 5)
        self.gru_h = nn.GRU(5, 6, batch_first=True)
        self.attention_c = BahdanauAttention(6, 6, 4)
        self.dense_b = nn.Linear(12, 5, bias=False)
        self.dense_y = nn.Linear(5, 20)
        self.dense_y.weight = self.embedding_w.weight

    def forward(self, items: Tensor) -> Tensor:
        embedding_w = self.embedding_w(items)
        gru_h, h_n = self.gru_h(embedding_w)
        attention_c = self.attention_c(h_n[-1].unsqueeze(1), gru_h, gru_h)[:, 0]
        joined = torch.cat((attention_c, h_n[-1]), dim=-1)
        dense_b = self.dense_b(joined)
        return torch.softmax(self.dense_y(dense_b), dim=-1)


def build_model() -> SessionAttentionTied:
    """Build the model, with random weights."""
    return SessionAttentionTied()


if __name__ == "__main__":
    model = build_model()
    print(model)
    items = torch.randint(20, (2, 6))
    with torch.no_grad():
        outputs = model(items)
    print("y", tuple(outputs.shape))
