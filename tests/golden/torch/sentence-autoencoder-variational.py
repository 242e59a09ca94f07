"""PyTorch model sentence-autoencoder-variational: encoder-decoder."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SampleNormal(nn.Module):
    """Draw values, given their means and standard deviations side by side."""

    def forward(self, x: Tensor) -> Tensor:
        mean, deviation = x.chunk(2, dim=-1)
        # Gradients pass to both (Kingma and Welling 2014).
        return mean + deviation * torch.randn_like(mean)


class SentenceAutoencoderVariational(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

                Y Y Y Y   dense(50, softmax)
                | | | |
                D-D-D-D   gru(24, name=decoder)
                | | | |
                +-+-+-+
                |
                Z         sample(normal)
                |\
                M |       dense(4, name=mean)
                | S       dense(4, softplus, name=deviation)
                |/
        E-E-E-E-E         gru(24, name=encoder)
        | | | | |
        W W W W W         embedding(16)
        | | | | |
        X X X X X         tokens(50)

    Shapes, without the batch:
        input x: (5,) int32
        output y: (4, 50)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(50, 16)
        self.encoder = nn.GRU(16, 24, batch_first=True)
        self.deviation = nn.Linear(24, 4)
        self.mean = nn.Linear(24, 4)
        self.drawn_z = SampleNormal()
        self.decoder = nn.GRU(4, 24, batch_first=True)
        self.dense_y = nn.Linear(24, 50)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        _, h_n = self.encoder(embedding_w)
        deviation = F.softplus(self.deviation(h_n[-1]))
        mean = self.mean(h_n[-1])
        joined = torch.cat((mean, deviation), dim=-1)
        drawn_z = self.drawn_z(joined)
        repeated = drawn_z.unsqueeze(1).expand(-1, 4, -1)
        decoder, _ = self.decoder(repeated)
        return torch.softmax(self.dense_y(decoder), dim=-1)


def build_model() -> SentenceAutoencoderVariational:
    """Build the model, with random weights."""
    return SentenceAutoencoderVariational()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(50, (2, 5))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
