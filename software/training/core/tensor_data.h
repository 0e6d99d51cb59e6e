#pragma once

#include <torch/torch.h>

namespace lutra::training {

// The values of a dense tensor of type T.
template <typename T>
T* data(const torch::Tensor& x) {
  return static_cast<T*>(x.data_ptr());
}

}  // namespace lutra::training
