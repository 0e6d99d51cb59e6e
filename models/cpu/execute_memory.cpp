#include <bit>
#include <cstdint>
#include <cstring>

#include "models/cpu/execute.h"
#include "models/cpu/processor.h"

namespace lutra::models::cpu {

namespace {

// Sign- or zero-extended, as T is.
template <class T>
std::uint32_t extend(T value) {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(value));
}

template <class T>
std::uint32_t read_value(const std::uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return extend(value);
}

// Whether an aligned T at `offset` lies within the first `bytes`: rotating takes a misaligned offset out of every
// range.
template <class T>
bool lies_within(std::uint32_t offset, std::uint32_t bytes) {
  constexpr int shift = std::countr_zero(sizeof(T));
  return std::rotr(offset, shift) < bytes >> shift;
}

CacheLine& front_of(Core& core, std::uint32_t address) {
  return core.lines[address >> core.line_shift & core.set_mask];
}

// The line's address if T at `address` is aligned; no line's address otherwise.
template <class T>
std::uint32_t aligned_line(const Core& core, std::uint32_t address) {
  return address & ~(core.line_offset_mask & ~std::uint32_t{sizeof(T) - 1});
}

// Behind an operation that may have taken time.
Link* go_on(Core& core, const Op* op) {
  const Op* const following = op + 1;
  if (core.processor->may_go_on() || following->run == fall_through) return next(core, op);
  return leave_block(core, following);
}

template <class T>
[[gnu::noinline]] Link* load_slowly(Core& core, const Op* op, std::uint32_t address) {
  Processor& processor = *core.processor;
  processor.pause(op);
  const auto loaded = processor.memory().load(address, sizeof(T));
  processor.resume();
  if (!loaded) return processor.trap(op, Cause::load_access_fault, processor.memory().fault_address());
  core.x[op->rd] = extend(static_cast<T>(*loaded));
  return go_on(core, op);
}

template <class T>
[[gnu::noinline]] Link* store_slowly(Core& core, const Op* op, std::uint32_t address) {
  Processor& processor = *core.processor;
  processor.pause(op);
  const bool stored = processor.memory().store(address, sizeof(T), static_cast<T>(core.x[op->rs2]));
  processor.resume();
  if (!stored) return processor.trap(op, Cause::store_access_fault, processor.memory().fault_address());
  return go_on(core, op);
}

template <class T>
Link* load(Core& core, const Op* op) {
  const std::uint32_t address = core.x[op->rs1] + op->immediate;
  const std::uint32_t offset = address - core.tcm_base;
  if (lies_within<T>(offset, core.tcm_load_bytes)) {
    ++core.tcm_reads;
    core.x[op->rd] = read_value<T>(core.tcm + offset);
    return next(core, op);
  }
  const CacheLine& line = front_of(core, address);
  if (line.address == aligned_line<T>(core, address)) {
    ++core.data_cache_hits;
    core.x[op->rd] = read_value<T>(line.data + (address & core.line_offset_mask));
    return next(core, op);
  }
  return load_slowly<T>(core, op, address);
}

template <class T>
Link* store(Core& core, const Op* op) {
  const std::uint32_t address = core.x[op->rs1] + op->immediate;
  const std::uint32_t offset = address - core.tcm_base;
  const T value = static_cast<T>(core.x[op->rs2]);
  if (lies_within<T>(offset, core.tcm_store_bytes)) {
    ++core.tcm_writes;
    std::memcpy(core.tcm + offset, &value, sizeof value);
    return next(core, op);
  }
  const CacheLine& line = front_of(core, address);
  if (line.store_address == aligned_line<T>(core, address)) {
    ++core.data_cache_hits;
    std::memcpy(line.data + (address & core.line_offset_mask), &value, sizeof value);
    return next(core, op);
  }
  return store_slowly<T>(core, op, address);
}

Link* load_reserved(Core& core, const Op* op) { return core.processor->load_reserved(op) ? go_on(core, op) : nullptr; }

Link* store_conditional(Core& core, const Op* op) {
  return core.processor->store_conditional(op) ? go_on(core, op) : nullptr;
}

Link* atomic_operation(Core& core, const Op* op) {
  return core.processor->atomic_operation(op) ? go_on(core, op) : nullptr;
}

}  // namespace

Handler memory_handler(Opcode opcode) {
  switch (opcode) {
    case Opcode::lb:
      return load<std::int8_t>;
    case Opcode::lh:
      return load<std::int16_t>;
    case Opcode::lw:
      return load<std::uint32_t>;
    case Opcode::lbu:
      return load<std::uint8_t>;
    case Opcode::lhu:
      return load<std::uint16_t>;
    case Opcode::sb:
      return store<std::uint8_t>;
    case Opcode::sh:
      return store<std::uint16_t>;
    case Opcode::sw:
      return store<std::uint32_t>;
    case Opcode::lr:
      return load_reserved;
    case Opcode::sc:
      return store_conditional;
    case Opcode::amoswap:
    case Opcode::amoadd:
    case Opcode::amoxor:
    case Opcode::amoand:
    case Opcode::amoor:
    case Opcode::amomin:
    case Opcode::amomax:
    case Opcode::amominu:
    case Opcode::amomaxu:
      return atomic_operation;
    default:
      return nullptr;
  }
}

}  // namespace lutra::models::cpu
