#pragma once

namespace lutra::training {

struct EpochFigures {
  int epoch = 0;              // done so far
  double rate = 0;            // at its end
  double loss = 0;            // mean over its batches
  double train_accuracy = 0;  // of 0..1, on the augmented images as they went by
  double test_accuracy = -1;  // negative: not measured
  double seconds = 0;
  double images_per_second = 0;  // of training alone
};

}  // namespace lutra::training
