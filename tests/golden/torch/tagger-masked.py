"""PyTorch model tagger-masked: many-to-many aligned, bidirectional, masked, variable length."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def check_padding(mask: Tensor) -> None:
    """Refuse padding before a valid step; compiled or exported code does not check."""
    if torch.compiler.is_compiling():
        return
    if bool((mask[:, 1:] & ~mask[:, :-1]).any()):
        raise ValueError("padding=end: a padded step comes before a valid step")


class TaggerMasked(nn.Module):
    """Map a sequence ``words`` to a sequence ``tags``.

        T ... T T   dense(5, softmax, name=tags)
        |     | |
        H=...=H=H   gru(8)
        |     | |
        W ... W W   embedding(6, mask=true)
        |     | |
        X ... X X   tokens(30, name=words, padding=end)

    Shapes, without the batch:
        input words: (None,) int32
        output tags: (None, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 6)
        self.gru_h = nn.GRU(6, 8, batch_first=True, bidirectional=True)
        self.tags = nn.Linear(16, 5)

    def forward(self, words: Tensor) -> Tensor:
        mask = words != 0
        check_padding(mask)
        embedding_w = self.embedding_w(words)
        lengths = mask.sum(dim=1)
        packed = pack_padded_sequence(
            embedding_w,
            lengths.clamp(min=1).cpu(),
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
        tags = torch.softmax(self.tags(gru_h), dim=-1)
        return tags.masked_fill(~mask[..., None], 0)


def build_model() -> TaggerMasked:
    """Build the model, with random weights."""
    return TaggerMasked()


if __name__ == "__main__":
    model = build_model()
    print(model)
    words = torch.randint(30, (2, 6))
    with torch.no_grad():
        outputs = model(words)
    print("tags", tuple(outputs.shape))
