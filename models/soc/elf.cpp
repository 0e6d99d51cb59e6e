#include "models/soc/elf.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>

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

  std::size_t size() const { return bytes_.size(); }

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
  std::uint64_t filled = 0;
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto entry = file.at<Elf32_Phdr>(header.e_phoff + i * sizeof(Elf32_Phdr), "a program header");
    if (entry.p_type != PT_LOAD || entry.p_memsz == 0) continue;
    if (entry.p_filesz > entry.p_memsz) file.fail("has a segment larger in the file than in memory");
    if (entry.p_memsz - 1 > 0xFFFFFFFFu - entry.p_paddr) file.fail("has a segment that leaves the address space");
    const auto content = file.range(entry.p_offset, entry.p_filesz, "a segment");
    filled += content.size();
    if (filled > file.size())
      file.fail("has segments that share their bytes: together they take more than the file has");
    segments.push_back({entry.p_paddr, entry.p_memsz, {content.begin(), content.end()}});
  }
  if (segments.empty()) file.fail("has no segment to load");
  return segments;
}

using WantedSymbols = std::map<std::string_view, std::optional<std::uint32_t>*>;

// Fills in the symbols of one table; of two of a name, the first.
void find_symbols(const File& file, const Elf32_Shdr& table, const Elf32_Shdr& names, const WantedSymbols& wanted) {
  const auto text = file.range(names.sh_offset, names.sh_size, "the symbol names");
  file.range(table.sh_offset, table.sh_size, "the symbol table");
  for (std::uint64_t at = 0; at + sizeof(Elf32_Sym) <= table.sh_size; at += sizeof(Elf32_Sym)) {
    const auto symbol = file.at<Elf32_Sym>(table.sh_offset + at, "a symbol");
    if (symbol.st_name >= text.size()) continue;
    const auto* name = reinterpret_cast<const char*>(text.data()) + symbol.st_name;
    const auto found = wanted.find(std::string_view(name, ::strnlen(name, text.size() - symbol.st_name)));
    if (found != wanted.end() && !*found->second) *found->second = symbol.st_value;
  }
}

// An ELF file has one symbol table at most; further ones are not looked at.
void find_symbols(const File& file, const Elf32_Ehdr& header, const WantedSymbols& wanted) {
  if (header.e_shnum == 0) return;  // stripped of its sections
  if (header.e_shentsize != sizeof(Elf32_Shdr)) file.fail("has section headers of an unknown size");
  file.range(header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf32_Shdr), "the section headers");
  const auto section = [&](std::uint64_t i) {
    return file.at<Elf32_Shdr>(header.e_shoff + i * sizeof(Elf32_Shdr), "a section header");
  };
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    const Elf32_Shdr table = section(i);
    if (table.sh_type != SHT_SYMTAB) continue;
    if (table.sh_link >= header.e_shnum) file.fail("has a symbol table without names");
    return find_symbols(file, table, section(table.sh_link), wanted);
  }
}

}  // namespace

ElfImage parse_elf(std::span<const std::uint8_t> bytes, const std::string& name) {
  const File file(bytes, name);
  const Elf32_Ehdr header = read_header(file);
  ElfImage image;
  image.name = name;
  image.entry = header.e_entry;
  image.segments = read_segments(file, header);
  find_symbols(file, header,
               {{"tohost", &image.tohost},
                {"fromhost", &image.fromhost},
                {"begin_signature", &image.begin_signature},
                {"end_signature", &image.end_signature}});
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
