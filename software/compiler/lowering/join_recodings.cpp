#include <algorithm>
#include <optional>
#include <utility>

#include "accelerators/family/timing.h"
#include "software/compiler/lowering/joins.h"
#include "software/compiler/lowering/layer.h"
#include "software/compiler/lowering/op_edges.h"
#include "software/compiler/lowering/requantise.h"
#include "software/compiler/lowering/thresholds.h"

namespace lutra::compiler {

namespace {

using accelerators::EngineConfig;
using accelerators::PostForm;
using network::EdgeId;

bool only_recodes(const LoweredOp& op) {
  constexpr unsigned others = LUTRA_OP_SKIP | LUTRA_OP_PRELU | LUTRA_OP_STREAM;
  return op.op.kind == LUTRA_OP_ELEMENTWISE && (op.op.flags & others) == 0 && op.activation.levels.empty() &&
         is_whole(op.op.input);
}

// The operation that alone writes what `reader` reads, if it can write the reader's codes in place of its own.
LoweredOp* writer_of(std::vector<LoweredOp>& ops, const LoweredOp& reader, EdgeId output) {
  LoweredOp* writer = sole_writer_of(ops, reader.input);
  if (writer == nullptr || !has_tile(*writer) || !writer->joined.empty()) return nullptr;
  if (writer->codes < 0) return writer;  // it writes the stream, and goes on to
  return writer->codes == reader.input && reader.input != output ? writer : nullptr;
}

std::int32_t saturated(const lutra_requantise& r, std::int64_t value) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(requantise(r, value), INT16_MIN, INT16_MAX));
}

// A maximum or a rescale of codes with one scale and one result, from the stream that the codes were made of: it makes
// the codes of what it finds there, which is the same since rescaling keeps order. Empty where it does more.
std::optional<LoweredOp> of_stream(const LoweredOp& reader, const LoweredOp& writer, const network::Edge& stream) {
  const unsigned flags = reader.op.flags;
  const bool one_result = ((flags & LUTRA_OP_CODES) != 0) != ((flags & LUTRA_OP_STREAM) != 0);
  if (reader.op.kind != LUTRA_OP_MAXIMUM && reader.op.kind != LUTRA_OP_ELEMENTWISE) return std::nullopt;
  if (!one_result || reader.scale.size() != 1 || !is_whole(reader.op.input) || !reader.activation.levels.empty() ||
      (flags & (LUTRA_OP_SKIP | LUTRA_OP_PRELU | LUTRA_OP_REQUANTISE)) != 0 ||
      (writer.op.flags & LUTRA_OP_REQUANTISE) == 0)
    return std::nullopt;
  LoweredOp result = reader;
  lutra_op& op = result.op;
  result.input = writer.stream;
  result.activation = stream.encoding;
  op.input = tensor_of(stream);
  op.pad_code = 0;
  result.scale = {writer.op.code_requantise};
  op.code_requantise = reader.scale.front();
  std::int32_t low = saturated(op.code_requantise, writer.op.code_low);
  std::int32_t high = saturated(op.code_requantise, writer.op.code_high);
  if ((flags & LUTRA_OP_STREAM) != 0) {
    result.codes = std::exchange(result.stream, -1);
    op.codes = op.stream;
  } else {
    low = std::clamp(low, op.code_low, op.code_high);
    high = std::clamp(high, op.code_low, op.code_high);
  }
  op.code_low = low;
  op.code_high = high;
  op.flags = LUTRA_OP_CODES | LUTRA_OP_REQUANTISE | LUTRA_OP_ONE_SCALE;
  return result;
}

LoweredOp joined(const LoweredOp& writer, const LoweredOp& reader, bool sums) {
  LoweredOp result = writer;
  Thresholds thresholds = joined_thresholds(writer, reader, sums);
  result.thresholds = std::move(thresholds.values);
  result.threshold_entries = thresholds.entries;
  result.direct = thresholds.direct;
  result.joined.push_back(reader.name);
  result.codes = reader.codes;
  result.op.codes = reader.op.codes;
  result.op.code_low = reader.op.code_low;
  result.op.code_high = reader.op.code_high;
  result.op.code_requantise = {};
  result.op.flags = static_cast<std::uint16_t>((result.op.flags | LUTRA_OP_CODES) & ~LUTRA_OP_REQUANTISE);
  return result;
}

class Recodings {
 public:
  Recodings(std::vector<LoweredOp>& ops, network::QuantisedNetwork& network, bool adds_streams,
            const EngineConfig& engine, const OnEngine& on_engine)
      : ops_(ops), network_(network), adds_streams_(adds_streams), engine_(engine), on_engine_(on_engine) {}

  void run() {
    if (accelerators::most_thresholds(engine_) == 0) return;
    for (std::size_t i = 0; i < ops_.size();)
      if (join(ops_[i]))
        erase(ops_, i);
      else
        ++i;
  }

 private:
  bool join(const LoweredOp& reader) {
    const int values = reader.op.code_high - reader.op.code_low;
    if (!only_recodes(reader) || values > accelerators::most_thresholds(engine_)) return false;
    LoweredOp* writer = writer_of(ops_, reader, network_.output);
    if (writer == nullptr) return false;
    LoweredOp both = *writer;
    std::vector<std::pair<LoweredOp*, LoweredOp>> others;  // readers of the codes, and what becomes of them
    if (both.codes == reader.input && readers_of(ops_, reader.input) > 1) {
      const network::Edge stream = stream_of(both);
      if (both.stream < 0) {
        if (!adds_streams_) return false;
        both.stream = network_.edges.size();
        both.op.stream = tensor_of(stream);
        both.op.flags |= LUTRA_OP_STREAM;
      }
      for (LoweredOp& other : ops_) {
        if (&other == &reader || (other.input != reader.input && other.skip != reader.input)) continue;
        auto turned = other.skip == reader.input ? std::nullopt : of_stream(other, both, stream);
        if (!turned) return false;
        others.emplace_back(&other, std::move(*turned));
      }
      if (writer->stream < 0) network_.edges.push_back(stream);
    }
    both = joined(both, reader, engine_.post == PostForm::thresholds);
    const bool fits = on_engine_(both) && std::all_of(others.begin(), others.end(),
                                                      [&](const auto& other) { return on_engine_(other.second); });
    if (!fits) {
      if (writer->stream != both.stream) network_.edges.pop_back();
      return false;
    }
    *writer = std::move(both);
    for (auto& [other, turned] : others) *other = std::move(turned);
    return true;
  }

  network::Edge stream_of(const LoweredOp& writer) const {
    if (writer.stream >= 0) return network_.edges[static_cast<std::size_t>(writer.stream)];
    network::Edge stream = network_.edges[static_cast<std::size_t>(writer.codes)];
    stream.name += ".stream";
    stream.encoding = {};
    stream.encoding.bits = 16;
    stream.encoding.is_signed = true;
    return stream;
  }

  std::vector<LoweredOp>& ops_;
  network::QuantisedNetwork& network_;
  bool adds_streams_;
  const EngineConfig& engine_;
  const OnEngine& on_engine_;
};

}  // namespace

void join_recodings(std::vector<LoweredOp>& ops, network::QuantisedNetwork& network, bool adds_streams,
                    const EngineConfig& engine, const OnEngine& on_engine) {
  Recodings(ops, network, adds_streams, engine, on_engine).run();
}

}  // namespace lutra::compiler
