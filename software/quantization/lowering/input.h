#pragma once

#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::quantization {

struct InputEncoding {
  network::ActivationEncoding encoding;
  double scale = 1.0;
  std::vector<network::Requantise> channels;
};

// Codes of `bits` for normalised pixels. The scale is that of the largest magnitude a pixel can have, so no pixel is
// clipped; unsigned where no pixel is negative, so that 8 bits of unshifted pixels are the pixels themselves. Throws
// Error for a normalisation that does not fit `channels` or divides by zero.
InputEncoding encode_input(const network::Normalisation& normalisation, int channels, int bits);

}  // namespace lutra::quantization
