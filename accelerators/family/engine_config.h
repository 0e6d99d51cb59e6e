#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace lutra::accelerators {

// The family of an engine that is still to be chosen for a network.
inline constexpr const char* automatic_family = "auto";

// What stays in the array while the rest passes by.
enum class Dataflow { output_stationary, weight_stationary };

// How the post-processor requantises.
enum class PostForm { multiplier, thresholds, shift };

// Knobs of one engine instance.
struct EngineConfig {
  std::string family = "mac";
  std::string variant;                         // of the family; empty: its first
  std::map<std::string, std::string> options;  // the family's own knobs (options.h); absent: its defaults
  Dataflow dataflow = Dataflow::output_stationary;
  // PE array: output channels x output pixels x dot-product elements per cycle.
  int rows = 16;
  int columns = 16;
  int lanes = 1;
  int activation_bits = 8;    // widest activation the array multiplies
  int weight_bits = 8;        // widest weight
  int accumulator_bits = 32;  // 16..32
  int pipeline = 1;           // registers between operands and accumulators
  bool use_dsp = true;        // multipliers may be mapped to DSP blocks
  // Buffer capacities; each holds two tiles where load, compute and store overlap.
  int activation_buffer_bytes = 65536;
  int weight_buffer_bytes = 65536;
  int parameter_buffer_bytes = 4096;
  int skip_buffer_bytes = 32768;
  int output_buffer_bytes = 32768;
  int accumulator_buffer_bytes = 65536;
  int weight_memory_bytes = 0;   // of weights that stay from frame to frame; 0: there is none
  int map_memory_bytes = 0;      // of feature maps that stay between operations; 0: there is none
  int command_memory_bytes = 0;  // of command streams that stay from frame to frame; 0: there is none
  int post_lanes = 16;           // outputs the post-processor finishes per cycle
  PostForm post = PostForm::multiplier;
  int post_multiplier_bits = 16;  // 16..31, of the multipliers that requantise
  int post_thresholds = 0;  // per channel, that a post-processor of another form than thresholds compares with, 0..3
  // Memory side, per unit (fetch, load, store).
  int burst_bytes = 64;
  int outstanding = 4;    // bursts in flight
  int command_queue = 4;  // commands a unit's queue holds
};

}  // namespace lutra::accelerators
