"""PyTorch model siamese-lengths: many-to-one, shared weights, masked."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence


class SiameseLengths(nn.Module):
    """Map sequences ``first`` and ``second`` to a vector ``y``.

              Y         dense(1, sigmoid)
              |
              P         multiply
              |
            +-+-----+
            |       |
        L-L-L   L-L-L   lstm(6, name=encoder)
        | | |   | | |
        W W W   W W W   embedding(5)
        | | |   | | |
        X X X   Z Z Z

        X = tokens(40, lengths=true, name=first)
        Z = tokens(40, lengths=true, name=second)

    Shapes, without the batch:
        input first: (3,) int32
        input second: (3,) int32
        input first_lengths: () int32, valid steps of first
        input second_lengths: () int32, valid steps of second
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(40, 5)
        self.encoder = nn.LSTM(5, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 1)

    def forward(
        self,
        first: Tensor,
        second: Tensor,
        first_lengths: Tensor,
        second_lengths: Tensor,
    ) -> Tensor:
        embedding_w_1 = self.embedding_w(first)
        embedding_w_2 = self.embedding_w(second)
        packed = pack_padded_sequence(
            embedding_w_1,
            first_lengths.clamp(min=1).cpu().long(),
            batch_first=True,
            enforce_sorted=False,
        )
        _, (encoder_1_hidden, _) = self.encoder(packed)
        encoder_1_hidden = torch.where(
            (first_lengths > 0)[:, None],
            encoder_1_hidden,
            0.0,
        )
        packed_2 = pack_padded_sequence(
            embedding_w_2,
            second_lengths.clamp(min=1).cpu().long(),
            batch_first=True,
            enforce_sorted=False,
        )
        _, (encoder_2_hidden, _) = self.encoder(packed_2)
        encoder_2_hidden = torch.where(
            (second_lengths > 0)[:, None],
            encoder_2_hidden,
            0.0,
        )
        multiply_p = encoder_1_hidden[-1] * encoder_2_hidden[-1]
        return torch.sigmoid(self.dense_y(multiply_p))


def build_model() -> SiameseLengths:
    """Build the model, with random weights."""
    return SiameseLengths()


if __name__ == "__main__":
    model = build_model()
    print(model)
    first = torch.randint(40, (2, 3))
    second = torch.randint(40, (2, 3))
    first_lengths = torch.tensor([3, 1])
    second_lengths = torch.tensor([3, 1])
    with torch.no_grad():
        outputs = model(first, second, first_lengths, second_lengths)
    print("y", tuple(outputs.shape))
