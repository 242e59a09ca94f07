"""PyTorch model masked-translation: encoder-decoder, attention, state handoff, masked."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def check_padding(mask: Tensor) -> None:
    """Refuse padding before a valid step; compiled or exported code does not check."""
    if torch.compiler.is_compiling():
        return
    if bool((mask[:, 1:] & ~mask[:, :-1]).any()):
        raise ValueError("padding=end: a padded step comes before a valid step")


def some_valid(mask: Tensor) -> Tensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return mask | ~mask.any(dim=1, keepdim=True)


class MaskedTranslation(nn.Module):
    """Map 2 sequences to a sequence.

                    Y   Y   Y   dense(9, softmax)
                    |   |   |
                    C   C   C   attention
                   /|  /|  /|
        +-+-+-+---+-|-+-|-+ |
        | | | |     |   |   |
        E-E-E-E-----D---D---D
        | | | |     |   |   |
        M M M M     |   |   |
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = tokens(20, name=source, padding=end)
        M = embedding(8, mask=true)
        Z = input(6, name=target)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input source: (4,) int32
        input target: (3, 6) float32
        output y: (3, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_m = nn.Embedding(20, 8)
        self.encoder = nn.GRU(8, 12, batch_first=True)
        self.decoder = nn.GRU(6, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 9)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        mask = source != 0
        check_padding(mask)
        embedding_m = self.embedding_m(source)
        lengths = mask.sum(dim=1)
        packed = pack_padded_sequence(
            embedding_m,
            lengths.clamp(min=1).cpu(),
            batch_first=True,
            enforce_sorted=False,
        )
        encoder, encoder_state = self.encoder(packed)
        encoder, _ = pad_packed_sequence(
            encoder,
            batch_first=True,
            total_length=mask.shape[1],
        )
        encoder = encoder.masked_fill(~mask[..., None], 0)
        encoder_state = torch.where((lengths > 0)[:, None], encoder_state, 0.0)
        decoder, _ = self.decoder(target, encoder_state)
        attention_c = F.scaled_dot_product_attention(
            decoder,
            encoder,
            encoder,
            attn_mask=some_valid(mask)[:, None],
            scale=1.0,
        )
        return torch.softmax(self.dense_y(attention_c), dim=-1)


def build_model() -> MaskedTranslation:
    """Build the model, with random weights."""
    return MaskedTranslation()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(20, (2, 4))
    target = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
