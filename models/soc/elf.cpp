#include "models/soc/elf.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "software/common/error.h"
#include "software/common/files.h"

namespace lutra::models {
namespace {

constexpr std::uint32_t flag_embedded = 0x8;    // RISC-V ELF psABI: EF_RISCV_RVE
constexpr std::uint32_t flags_float_abi = 0x6;  // EF_RISCV_FLOAT_ABI
constexpr std::uintmax_t largest_file = std::uintmax_t{256} << 20;

class File {
 public:
  File(std::span<const std::uint8_t> bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  [[noreturn]] void fail(const std::string& what) const { throw Error(fmt::format("{}: {}", name_, what)); }

  std::span<const std::uint8_t> range(std::uint64_t offset, std::uint64_t size, const char* what) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) {
      fail(fmt::format("truncated: {} at offset {} with {} bytes ends beyond the file's {} bytes", what, offset, size,
                       bytes_.size()));
    }
    return bytes_.subspan(offset, size);
  }

  template <typename T>
  T at(std::uint64_t offset, const char* what) const {
    T value;
    std::memcpy(&value, range(offset, sizeof(T), what).data(), sizeof(T));
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  const std::string& name_;
};

Elf32_Ehdr read_header(const File& file) {
  const auto identity = file.range(0, EI_NIDENT, "the ELF identification");
  if (std::memcmp(identity.data(), ELFMAG, SELFMAG) != 0) file.fail("not an ELF file");
  if (identity[EI_CLASS] != ELFCLASS32 || identity[EI_DATA] != ELFDATA2LSB) {
    file.fail("not a 32-bit little-endian ELF file: compile for rv32");
  }
  const auto header = file.at<Elf32_Ehdr>(0, "the ELF header");
  if (header.e_machine != EM_RISCV) file.fail(fmt::format("not a RISC-V program (machine {})", header.e_machine));
  if (header.e_type != ET_EXEC) file.fail("not a statically linked executable: link without -shared and -pie");
  if ((header.e_flags & (flag_embedded | flags_float_abi)) != 0) {
    file.fail("not compiled for the hart: use -march=rv32imac -mabi=ilp32");
  }
  if (header.e_phnum == 0) file.fail("has no program headers, so nothing to load");
  if (header.e_phentsize != sizeof(Elf32_Phdr)) file.fail("has program headers of an unknown size");
  return header;
}

std::vector<ElfSegment> read_segments(const File& file, const Elf32_Ehdr& header) {
  std::vector<ElfSegment> segments;
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto entry = file.at<Elf32_Phdr>(header.e_phoff + i * sizeof(Elf32_Phdr), "a program header");
    if (entry.p_type != PT_LOAD || entry.p_memsz == 0) continue;
    if (entry.p_filesz > entry.p_memsz) file.fail("has a segment larger in the file than in memory");
    if (entry.p_memsz - 1 > 0xFFFFFFFFu - entry.p_paddr) file.fail("has a segment that leaves the address space");
    const auto content = file.range(entry.p_offset, entry.p_filesz, "a segment");
    segments.push_back({entry.p_paddr, entry.p_memsz, {content.begin(), content.end()}});
  }
  if (segments.empty()) file.fail("has no segment to load");
  return segments;
}

std::optional<std::uint32_t> find_symbol(const File& file, const Elf32_Ehdr& header, std::string_view wanted) {
  if (header.e_shnum == 0) return std::nullopt;  // stripped of its sections
  if (header.e_shentsize != sizeof(Elf32_Shdr)) file.fail("has section headers of an unknown size");
  file.range(header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf32_Shdr), "the section headers");
  const auto section = [&](std::uint64_t i) {
    return file.at<Elf32_Shdr>(header.e_shoff + i * sizeof(Elf32_Shdr), "a section header");
  };
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    const Elf32_Shdr table = section(i);
    if (table.sh_type != SHT_SYMTAB) continue;
    if (table.sh_link >= header.e_shnum) file.fail("has a symbol table without names");
    const Elf32_Shdr names = section(table.sh_link);
    const auto text = file.range(names.sh_offset, names.sh_size, "the symbol names");
    file.range(table.sh_offset, table.sh_size, "the symbol table");
    for (std::uint64_t at = 0; at + sizeof(Elf32_Sym) <= table.sh_size; at += sizeof(Elf32_Sym)) {
      const auto symbol = file.at<Elf32_Sym>(table.sh_offset + at, "a symbol");
      if (symbol.st_name >= text.size() || text.size() - symbol.st_name <= wanted.size()) continue;
      const auto* name = reinterpret_cast<const char*>(text.data()) + symbol.st_name;
      if (std::equal(wanted.begin(), wanted.end(), name) && name[wanted.size()] == '\0') return symbol.st_value;
    }
  }
  return std::nullopt;
}

}  // namespace

ElfImage parse_elf(std::span<const std::uint8_t> bytes, const std::string& name) {
  const File file(bytes, name);
  const Elf32_Ehdr header = read_header(file);
  ElfImage image;
  image.name = name;
  image.entry = header.e_entry;
  image.segments = read_segments(file, header);
  image.tohost = find_symbol(file, header, "tohost");
  const bool entry_loaded = std::any_of(image.segments.begin(), image.segments.end(), [&](const ElfSegment& segment) {
    return image.entry - segment.address < segment.memory_bytes;
  });
  if (!entry_loaded || image.entry % 2 != 0) {
    file.fail(fmt::format("its entry {:#x} is not an instruction of any segment", image.entry));
  }
  return image;
}

ElfImage read_elf(const std::filesystem::path& path) { return parse_elf(read_file(path, largest_file), path.string()); }

}  // namespace lutra::models
