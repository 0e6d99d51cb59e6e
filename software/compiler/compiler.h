#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "accelerators/family/family.h"
#include "accelerators/family/memory_use.h"
#include "software/common/error.h"
#include "software/compiler/lowering/stripes.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::compiler {

struct CompileOptions {
  bool allow_cpu_fallback = false;              // the hart may compute what the engine cannot
  bool normalise_on_hart = false;               // raw pixels come in; else the host delivers the input edge's codes
  std::uint32_t main_memory_bytes = 64u << 20;  // from LUTRA_MAIN_BASE
  accelerators::MemoryUse memory = {};
  // For predictions: the network is known to be valid, and every weight of the engine's in the image is zero.
  bool outline = false;
};

// How one operation of the image came about.
struct OpPlan {
  std::string name;  // the operation's name in the network; "normalise" for the input transform
  bool on_engine = false;
  std::string reason;   // why the hart computes it; empty on the engine
  std::string mapping;  // what lies on rows, columns and lanes, and the tile shape
  std::int64_t macs = 0;
  std::uint32_t tiles = 0;
  std::uint64_t array_cycles = 0;        // predicted compute cycles; 0 on the hart
  std::uint64_t weight_bytes = 0;        // in memory, as packed
  bool resident = false;                 // they stay in the weight memory
  int weight_bits = 0;                   // of a weight, as the network stores it; 0: there are none
  int merged_groups = 1;                 // neighbouring groups that the array takes as one
  std::vector<std::string> joined = {};  // operations of the network whose work it does too
  network::EdgeId codes = -1;            // what it writes, and the channel of the edge where that begins
  int codes_channel = 0;
  network::EdgeId stream = -1;
};

// Operations that run stripe by stripe.
struct StripePlan {
  int first = 0;  // of Program::ops
  int last = 0;
  int rows = 0;  // of the last one's output in a stripe
  int stripes = 0;
};

// A tensor between operations; only with `memory.activations` other than dram.
struct MapPlan {
  network::EdgeId edge = -1;
  std::string name;  // of its edge
  int first = 0;     // the operation (of Program::ops) that uses it first, and the last one
  int last = 0;
  std::uint64_t bytes = 0;   // whole words of the map memory
  bool stays = false;        // in the map memory
  std::uint64_t offset = 0;  // there
  std::string elsewhere;     // why it does not
  bool in_place = false;     // its first operation writes it over the stream that it adds
  RowRing ring = {};         // the rows that stay, where it passes stripe by stripe
};

struct Program {
  std::vector<std::uint8_t> image;  // to be placed at LUTRA_IMAGE_ADDRESS
  std::vector<OpPlan> ops;          // in the order of the image's op table
  std::vector<MapPlan> maps;        // in the order of first use
  std::vector<StripePlan> stripes;
  std::uint64_t resident_bytes = 0;   // of the weight memory that are used
  std::uint64_t map_bytes = 0;        // of the map memory
  std::uint64_t parameter_bytes = 0;  // of these, the parameters'
  std::uint64_t command_bytes = 0;    // of the command memory that are used
};

// A memory or a buffer is too small; the message names its key and the bytes it needs.
class NoRoom : public Error {
 public:
  using Error::Error;
};

// Maps a quantised network onto an engine; `family` null: everything on the hart. Throws Error naming the operation
// when it cannot be computed (with the engine's reason); NoRoom when it, or what is to be resident, does not fit.
Program compile(const network::QuantisedNetwork& network, const accelerators::EngineConfig& engine,
                const accelerators::Family* family, const CompileOptions& options);

// Where the weights of these operations lie while frames run, for people.
std::string residency_text(const std::vector<OpPlan>& ops);

// Which feature maps stay in the map memory and which do not, for people.
std::string maps_text(const Program& program);

// Checks what a loader must not trust: magic, version, sizes, checksum, addresses. Throws Error saying what is wrong.
void check_image(const std::vector<std::uint8_t>& image);

}  // namespace lutra::compiler
