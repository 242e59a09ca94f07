"""PyTorch model tagger-packed: many-to-many aligned, bidirectional, masked, variable length."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class TaggerPacked(nn.Module):
    """Map a sequence ``words`` to a sequence ``tags``.

        T ... T   dense(9, softmax, name=tags)
        |     |
        H=...=H   lstm(8)
        |     |
        W ... W   embedding(12)
        |     |
        X ... X   tokens(30, lengths=true, name=words)

    Shapes, without the batch:
        input words: (None,) int32
        input words_lengths: () int32, valid steps of words
        output tags: (None, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 12)
        self.lstm_h = nn.LSTM(12, 8, batch_first=True, bidirectional=True)
        self.tags = nn.Linear(16, 9)

    def forward(self, words: Tensor, words_lengths: Tensor) -> Tensor:
        steps = torch.arange(words.shape[1], device=words.device)
        mask = steps < words_lengths[:, None]
        embedding_w = self.embedding_w(words)
        packed = pack_padded_sequence(
            embedding_w,
            words_lengths.clamp(min=1).cpu().long(),
            batch_first=True,
            enforce_sorted=False,
        )
        lstm_h, _ = self.lstm_h(packed)
        lstm_h, _ = pad_packed_sequence(
            lstm_h,
            batch_first=True,
            total_length=mask.shape[1],
        )
        lstm_h = lstm_h.masked_fill(~mask[..., None], 0)
        tags = torch.softmax(self.tags(lstm_h), dim=-1)
        return tags.masked_fill(~mask[..., None], 0)


def build_model() -> TaggerPacked:
    """Build the model, with random weights."""
    return TaggerPacked()


if __name__ == "__main__":
    model = build_model()
    print(model)
    words = torch.randint(30, (2, 5))
    words_lengths = torch.tensor([5, 1])
    with torch.no_grad():
        outputs = model(words, words_lengths)
    print("tags", tuple(outputs.shape))
