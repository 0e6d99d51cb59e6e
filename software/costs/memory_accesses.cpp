#include "software/costs/price_list.h"

namespace lutra::costs {

namespace {

constexpr std::uint32_t word_bytes = 4;
constexpr double words_per_byte = 1.0 / word_bytes;

class Accesses {
 public:
  explicit Accesses(std::vector<MemoryAccess>& list) : list_(list) {}

  void read(const std::string& component, const char* event, std::uint64_t capacity, double words) {
    list_.push_back({component, event, capacity, words, false});
  }
  void write(const std::string& component, const char* event, std::uint64_t capacity, double words) {
    list_.push_back({component, event, capacity, words, true});
  }

  // A look-up reads one tag word per way.
  void read_tags(const std::string& component, const char* event, const models::CacheConfig& cache) {
    read(component, event, std::uint64_t{cache.bytes / cache.line_bytes} * word_bytes, cache.ways);
  }

 private:
  std::vector<MemoryAccess>& list_;
};

void add_caches(Accesses& accesses, const models::HartConfig& hart) {
  const models::CacheConfig& instructions = hart.instruction_cache;
  const models::CacheConfig& data = hart.data_cache;
  const auto line_words = [](const models::CacheConfig& cache) { return cache.line_bytes * words_per_byte; };
  if (instructions.bytes != 0) {
    accesses.read_tags("hart.icache", "hit", instructions);
    accesses.read_tags("hart.icache", "miss", instructions);
    accesses.write("hart.icache", "miss", instructions.bytes, line_words(instructions));
    accesses.read("hart.icache", "fetch", instructions.bytes, 1);
  }
  if (data.bytes != 0) {
    accesses.read_tags("hart.dcache", "hit", data);
    accesses.read("hart.dcache", "hit", data.bytes, 1);
    accesses.read_tags("hart.dcache", "miss", data);
    accesses.write("hart.dcache", "miss", data.bytes, line_words(data));
    accesses.read("hart.dcache", "writeback", data.bytes, line_words(data));
  }
}

void add_buffer(Accesses& accesses, const std::string& name, int bytes) {
  const std::string component = "engine." + name;
  accesses.read(component, "read_bytes", static_cast<std::uint64_t>(bytes), words_per_byte);
  accesses.write(component, "write_bytes", static_cast<std::uint64_t>(bytes), words_per_byte);
}

}  // namespace

PricingContext pricing_context(const models::SocConfig& soc, const std::optional<accelerators::EngineConfig>& engine) {
  PricingContext context;
  Accesses accesses(context.accesses);
  accesses.read("hart.tcm", "read", soc.tcm_bytes, 1);
  accesses.read("hart.tcm", "fetch", soc.tcm_bytes, 1);
  accesses.write("hart.tcm", "write", soc.tcm_bytes, 1);
  add_caches(accesses, soc.hart);
  accesses.read("sram", "read", soc.sram.bytes, 1);
  accesses.write("sram", "write", soc.sram.bytes, 1);
  if (soc.main_memory.kind == "sram") {
    accesses.read("main_memory", "read", soc.main_memory.bytes, 1);
    accesses.write("main_memory", "write", soc.main_memory.bytes, 1);
  }
  if (engine) {
    context.activation_bits = engine->activation_bits;
    context.weight_bits = engine->weight_bits;
    context.rows = engine->rows;
    context.columns = engine->columns;
    context.lanes = engine->lanes;
    context.pipeline = engine->pipeline;
    add_buffer(accesses, "activation_buffer", engine->activation_buffer_bytes);
    add_buffer(accesses, "weight_buffer", engine->weight_buffer_bytes);
    add_buffer(accesses, "parameter_buffer", engine->parameter_buffer_bytes);
    add_buffer(accesses, "skip_buffer", engine->skip_buffer_bytes);
    add_buffer(accesses, "output_buffer", engine->output_buffer_bytes);
    add_buffer(accesses, "accumulator_buffer", engine->accumulator_buffer_bytes);
    if (engine->weight_memory_bytes > 0) add_buffer(accesses, "weight_memory", engine->weight_memory_bytes);
    if (engine->map_memory_bytes > 0) add_buffer(accesses, "map_memory", engine->map_memory_bytes);
    if (engine->command_memory_bytes > 0) add_buffer(accesses, "command_memory", engine->command_memory_bytes);
  }
  return context;
}

}  // namespace lutra::costs
