"""PyTorch model speech-tacotron: encoder-decoder, bidirectional, attention, feedback."""

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
        return self.attend(query, self.key(keys), values, mask)

    def attend(
        self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """The same, with keys that are projected already."""
        # Every query with every key: (batch, queries, steps, features).
        pairs = torch.tanh(self.query(query)[:, :, None] + keys[:, None])
        scores = self.score(pairs).squeeze(-1)
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        weights: Tensor = self.dropout(scores.softmax(dim=-1))
        return weights @ values


class SpeechTacotron(nn.Module):
    """Map a sequence ``text`` to a sequence ``frames``.

                      F   F   F   dense(4, name=frames)
                      |   |   |
                      D---D---D   gru(7, name=decoder)
                     /|  /|  /|
        E=E=E=E     C | C | C |
        | | | |     | | | | | |
        W W W W     d | d | d |
        | | | |       |   |   |
        X X X X       P   P   P
                      |   |   |
                      Q   Q   Q   dense(5, relu)
                      |   |   |
                      f   f   f

        X = tokens(15, name=text)
        P = dropout(0.5)
        W = embedding(6)
        E = gru(3, name=encoder)
        C = attention(E, score=additive, key=5)

    Shapes, without the batch:
        input text: (4,) int32
        output frames: (3, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(15, 6)
        self.encoder = nn.GRU(6, 3, batch_first=True, bidirectional=True)
        self.attention_c = BahdanauAttention(7, 6, 5)
        self.decoder = nn.GRU(11, 7, batch_first=True)
        self.dense_q = nn.Linear(4, 5)
        self.dropout_p = nn.Dropout(0.5)
        self.frames = nn.Linear(7, 4)

    def forward(self, text: Tensor) -> Tensor:
        embedding_w = self.embedding_w(text)
        encoder, _ = self.encoder(embedding_w)
        frames = embedding_w.new_zeros(embedding_w.shape[0], 4)
        decoder = embedding_w.new_zeros(embedding_w.shape[0], 7)
        keys = self.attention_c.key(encoder)
        decoder_state = None
        frames_steps = []
        for _ in range(3):
            dense_q = torch.relu(self.dense_q(frames))
            dropout_p = self.dropout_p(dense_q)
            attention_c = self.attention_c.attend(
                decoder.unsqueeze(1),
                keys,
                encoder,
            )[:, 0]
            joined = torch.cat((attention_c, dropout_p), dim=-1)
            decoder, decoder_state = self.decoder(joined.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            frames = self.frames(decoder)
            frames_steps.append(frames)
        frames = torch.stack(frames_steps, dim=1)
        return frames


def build_model() -> SpeechTacotron:
    """Build the model, with random weights."""
    return SpeechTacotron()


if __name__ == "__main__":
    model = build_model()
    print(model)
    text = torch.randint(15, (2, 4))
    with torch.no_grad():
        outputs = model(text)
    print("frames", tuple(outputs.shape))
