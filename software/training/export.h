#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "software/training/train.h"

namespace lutra::training {

struct ExportReport {
  std::filesystem::path file;
  int epochs = 0;  // done
  int epochs_wanted = 0;
  std::size_t images = 0;         // of the test set, all of it
  double trainer_accuracy = 0;    // in float arithmetic, percent
  double rescaled_accuracy = 0;   // the same, but rescaled and rounded between layers as the file is
  double reference_accuracy = 0;  // of Lutra's reference executor on the file, percent
  std::size_t other_answers = 0;  // images of which the last two say different classes
  bool must_agree = true;         // false where training left activations float that the file quantises
  double tolerance = 0;           // between the last two, percent; rescaling itself may cost or bring ten times as much
  bool agrees() const;
  std::string disagreement() const;  // the message about one that does not
};

// Builds the trained network from the output folder's recipe and checkpoint, saves it (`file` absent: float.onnx or
// quantised.onnx in the folder), evaluates trainer and saved file over the whole test set, and writes report.json.
// Throws Error where there is no checkpoint.
ExportReport export_trained(const TrainingFile& training, const TrainOptions& options,
                            const std::optional<std::filesystem::path>& file);

}  // namespace lutra::training
