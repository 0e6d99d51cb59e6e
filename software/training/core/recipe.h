#pragma once

#include <cstdint>
#include <vector>

namespace lutra::training {

struct Augmentation {
  int pad = 0;        // pixels of black around the image before a window of its own size is cut out at random
  bool flip = false;  // half of the images left to right
  // For images whose class is in their shape alone:
  bool turn = false;              // by quarter turns; images are square
  bool permute_channels = false;  // the channels in any order
  bool invert = false;            // half of the channels, each on its own: 255 - pixel
};

enum class Optimiser { sgd, adam };
enum class Schedule { constant, cosine, step };

// How a network is trained. Rates are per batch; the schedule moves with every batch.
struct Recipe {
  int epochs = 1;
  int batch = 128;
  Optimiser optimiser = Optimiser::sgd;
  double rate = 0.1;           // the highest learning rate
  double momentum = 0.9;       // of SGD, Nesterov's form
  double weight_decay = 1e-4;  // of convolution and linear weights alone
  Schedule schedule = Schedule::cosine;
  double warm_up = 0;              // epochs of a linear rise from zero
  std::vector<double> milestones;  // epochs at which the step schedule multiplies the rate by `factor`
  double factor = 0.1;
  double label_smoothing = 0;
  double distillation = 0;  // share of the loss that compares with the teacher's outputs (Hinton et al. 2015)
  double temperature = 4;   // of that comparison
  Augmentation augmentation;
  std::uint64_t seed = 1;
};

}  // namespace lutra::training
