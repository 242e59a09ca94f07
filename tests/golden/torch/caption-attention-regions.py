"""PyTorch model caption-attention-regions: encoder-decoder, attention, feedback."""

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


class CaptionAttentionRegions(nn.Module):
    """Map sequences ``places`` and ``words`` to a sequence ``y``.

                      Y   Y   Y
                      |   |   |
                +-----D---D---D
                |    /|  /|  /|
                |   C | C | C |
                |   | | | | | |
                |   d | d | d |
                S     |   |   |
                |     W   W   W
                M     |   |   |
                      Z   Z   Z
        R R R R
        | | | |
        I I I I

        I = input(8, name=places)
        R = dense(6, relu)
        M = mean(R)
        S = dense(7, tanh)
        Z = tokens(15, name=words)
        W = embedding(5)
        D = gru(7, name=decoder)
        C = attention(R, score=additive, key=4)
        Y = dense(15, softmax)

    Shapes, without the batch:
        input places: (4, 8) float32
        input words: (3,) int32
        output y: (3, 15)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_r = nn.Linear(8, 6)
        self.embedding_w = nn.Embedding(15, 5)
        self.dense_s = nn.Linear(6, 7)
        self.decoder = nn.GRU(11, 7, batch_first=True)
        self.attention_c = BahdanauAttention(7, 6, 4)
        self.dense_y = nn.Linear(7, 15)

    def forward(self, places: Tensor, words: Tensor) -> Tensor:
        dense_r = torch.relu(self.dense_r(places))
        mean_m = dense_r.mean(dim=1)
        embedding_w = self.embedding_w(words)
        dense_s = torch.tanh(self.dense_s(mean_m))
        decoder = dense_s
        decoder_start = dense_s.unsqueeze(0)
        decoder_state = decoder_start
        decoder_steps = []
        embedding_w_steps = embedding_w.unbind(1)
        for step in range(3):
            attention_c = self.attention_c(decoder.unsqueeze(1), dense_r, dense_r)[:, 0]
            joined = torch.cat((attention_c, embedding_w_steps[step]), dim=-1)
            decoder, decoder_state = self.decoder(joined.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            decoder_steps.append(decoder)
        decoder = torch.stack(decoder_steps, dim=1)
        return torch.softmax(self.dense_y(decoder), dim=-1)


def build_model() -> CaptionAttentionRegions:
    """Build the model, with random weights."""
    return CaptionAttentionRegions()


if __name__ == "__main__":
    model = build_model()
    print(model)
    places = torch.randn(2, 4, 8)
    words = torch.randint(15, (2, 3))
    with torch.no_grad():
        outputs = model(places, words)
    print("y", tuple(outputs.shape))
