"""PyTorch model attention-state-before: encoder-decoder, attention, state handoff, feedback."""

import torch
from torch import Tensor, nn


class AdditiveAttention(nn.Module):
    """Attention whose scores are a trained vector times ``tanh(query + key)``."""

    def __init__(self, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Attend to the steps that are true in ``mask``, (batch, queries, steps)."""
        # Every query with every key: (batch, queries, steps, features).
        pairs = torch.tanh(query[:, :, None] + keys[:, None])
        scores = self.score(pairs).squeeze(-1)
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        weights: Tensor = self.dropout(scores.softmax(dim=-1))
        return weights @ values


class AttentionStateBefore(nn.Module):
    """Map 2 sequences to a sequence.

                    Y   Y   Y
                    |   |   |
        E-E-E-E-----D---D---D
        | | | |    /|  /|  /|
        | | | |   C | C | C |
        | | | |   | | | | | |
        | | | |   d | d | d |
        | | | |     |   |   |
        W W W W     V   V   V
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = tokens(40, name=source)
        Z = tokens(50, name=target)
        W = embedding(24)
        V = embedding(24)
        E = gru(32, name=encoder)
        D = gru(32, name=decoder)
        C = attention(E, score=additive)
        Y = dense(50, log_softmax)

    Shapes, without the batch:
        input source: (4,) int32
        input target: (3,) int32
        output y: (3, 50)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(40, 24)
        self.embedding_v = nn.Embedding(50, 24)
        self.encoder = nn.GRU(24, 32, batch_first=True)
        self.decoder = nn.GRU(56, 32, batch_first=True)
        self.attention_c = AdditiveAttention(32)
        self.dense_y = nn.Linear(32, 50)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        embedding_w = self.embedding_w(source)
        embedding_v = self.embedding_v(target)
        encoder, encoder_state = self.encoder(embedding_w)
        decoder = encoder_state[-1]
        decoder_state = encoder_state
        decoder_steps = []
        embedding_v_steps = embedding_v.unbind(1)
        for step in range(3):
            attention_c = self.attention_c(decoder.unsqueeze(1), encoder, encoder)[:, 0]
            joined = torch.cat((attention_c, embedding_v_steps[step]), dim=-1)
            decoder, decoder_state = self.decoder(joined.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            decoder_steps.append(decoder)
        decoder = torch.stack(decoder_steps, dim=1)
        return torch.log_softmax(self.dense_y(decoder), dim=-1)


def build_model() -> AttentionStateBefore:
    """Build the model, with random weights."""
    return AttentionStateBefore()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(40, (2, 4))
    target = torch.randint(50, (2, 3))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
