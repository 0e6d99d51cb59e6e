#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lutra::network {

// What the numbers of a file are.
enum class NumberType { of_file, boolean, uint8, int8, uint16, int16, uint32, int32, uint64, int64, float32, float64 };

enum class Layout { nchw, nhwc };

// Images and labels in files of one's own, as a scenario names them. A path may be `file.npz:array`, of images a folder
// of pictures.
struct OwnData {
  std::string images;
  std::string labels;  // empty: none are known
  std::string train_images;
  std::string train_labels;
  int calibration_percent = 0;
  std::vector<int> shape;  // of one image, as the file holds it; empty: as the file says, of pictures the network
  Layout layout = Layout::nchw;
  NumberType type = NumberType::of_file;
  NumberType label_type = NumberType::of_file;
  std::optional<int> classes;
  std::optional<double> scale;
  std::optional<double> zero_point;
  std::optional<double> lowest;
  std::optional<double> highest;
  bool are_pixels = false;  // the scenario normalises them

  bool operator==(const OwnData&) const = default;
};

}  // namespace lutra::network
