#include "models/soc/elf.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "software/common/error.h"
#include "software/common/files.h"

namespace lutra::models {
namespace {

using testing::HasSubstr;

std::vector<std::uint8_t> file(const std::string& name = "tohost_passes") {
  return read_file(std::filesystem::path(LUTRA_TEST_PROGRAMS) / (name + ".elf"));
}

std::string message_of(const std::vector<std::uint8_t>& bytes) {
  try {
    parse_elf(bytes, "x.elf");
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("x.elf: "));
    return error.what();
  }
  return "accepted";
}

// A file whose header or first program header was changed.
template <typename Change>
std::vector<std::uint8_t> with_header(const Change& change) {
  std::vector<std::uint8_t> bytes = file();
  Elf32_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  change(header);
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

template <typename Change>
std::vector<std::uint8_t> with_load_segment(const Change& change) {
  std::vector<std::uint8_t> bytes = file();
  Elf32_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf32_Phdr segment;
    std::uint8_t* const at = bytes.data() + header.e_phoff + i * sizeof segment;
    std::memcpy(&segment, at, sizeof segment);
    if (segment.p_type != PT_LOAD) continue;
    change(segment);
    std::memcpy(at, &segment, sizeof segment);
    break;
  }
  return bytes;
}

TEST(Elf, FindsEntrySegmentsAndTohost) {
  const ElfImage image = parse_elf(file(), "x.elf");
  EXPECT_GE(image.entry, 0x80000000u);
  ASSERT_FALSE(image.segments.empty());
  EXPECT_EQ(image.segments[0].address, 0x80000000u);
  EXPECT_GT(image.segments[0].memory_bytes, image.segments[0].content.size()) << "the stack is not in the file";
  ASSERT_TRUE(image.tohost);
  EXPECT_EQ(*image.tohost % 64, 0u);
}

TEST(Elf, AProgramNeedsNoTohost) { EXPECT_FALSE(parse_elf(file("fails"), "x.elf").tohost); }

TEST(Elf, FindsTheSymbolsOfASignatureAndOfAnswers) {
  const ElfImage image = parse_elf(file("signature"), "x.elf");
  ASSERT_TRUE(image.begin_signature && image.end_signature);
  EXPECT_EQ(*image.end_signature - *image.begin_signature, 16u);
  EXPECT_FALSE(image.fromhost);
  EXPECT_TRUE(parse_elf(file("tohost_calls"), "x.elf").fromhost);
}

TEST(Elf, RefusesSegmentsThatTakeMoreThanTheFileHas) {
  std::vector<std::uint8_t> bytes = file();
  Elf32_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  const Elf32_Phdr whole{.p_type = PT_LOAD,
                         .p_offset = 0,
                         .p_vaddr = 0x80000000,
                         .p_paddr = 0x80000000,
                         .p_filesz = static_cast<Elf32_Word>(bytes.size()),
                         .p_memsz = static_cast<Elf32_Word>(bytes.size()),
                         .p_flags = PF_R,
                         .p_align = 4};
  header.e_phoff = static_cast<Elf32_Off>(bytes.size());
  header.e_phnum = 60'000;
  std::memcpy(bytes.data(), &header, sizeof header);
  const auto* entry = reinterpret_cast<const std::uint8_t*>(&whole);
  for (int i = 0; i < header.e_phnum; ++i) bytes.insert(bytes.end(), entry, entry + sizeof whole);
  EXPECT_THAT(message_of(bytes), HasSubstr("more than the file has"));
}

TEST(Elf, RefusesOtherFiles) {
  EXPECT_THAT(message_of({}), HasSubstr("truncated"));
  EXPECT_THAT(message_of(std::vector<std::uint8_t>(100, 'x')), HasSubstr("not an ELF file"));
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_ident[EI_CLASS] = ELFCLASS64; })), HasSubstr("rv32"));
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_ident[EI_DATA] = ELFDATA2MSB; })), HasSubstr("rv32"));
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_machine = EM_ARM; })), HasSubstr("not a RISC-V"));
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_type = ET_DYN; })), HasSubstr("statically"));
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_flags |= 0x2; })), HasSubstr("rv32imac"));
  EXPECT_THROW(read_elf("/nonexistent.elf"), Error);
}

TEST(Elf, RefusesBrokenHeaders) {
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_phnum = 0; })), HasSubstr("nothing to load"));
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_phentsize = 1; })), HasSubstr("unknown size"));
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_phoff = 0xFFFFFFF0; })), HasSubstr("truncated"));
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_entry = 0x1000; })), HasSubstr("entry"));
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_entry += 1; })), HasSubstr("entry"));
  EXPECT_THAT(message_of(with_header([](Elf32_Ehdr& h) { h.e_shoff = 0xFFFFFFF0; })), HasSubstr("truncated"));
  EXPECT_THAT(message_of(with_load_segment([](Elf32_Phdr& p) { p.p_filesz = p.p_memsz + 1; })), HasSubstr("larger"));
  EXPECT_THAT(message_of(with_load_segment([](Elf32_Phdr& p) { p.p_offset = 0xFFFFFFFF; })), HasSubstr("truncated"));
  EXPECT_THAT(message_of(with_load_segment([](Elf32_Phdr& p) { p.p_paddr = 0xFFFFFFF0; })), HasSubstr("address space"));
}

TEST(Elf, EveryTruncationIsAnError) {
  const std::vector<std::uint8_t> whole = file();
  for (std::size_t length = 0; length < whole.size(); length += 1 + length / 64) {
    SCOPED_TRACE(testing::Message() << "length " << length);
    EXPECT_NE(message_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}), "accepted");
  }
}

TEST(Elf, SurvivesMutation) {
  const std::uint32_t seed = 4711;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  const std::vector<std::uint8_t> whole = file();
  std::mt19937 random(seed);
  const auto mutate = [&](std::vector<std::uint8_t>& bytes, std::size_t from, std::size_t to) {
    bytes[from + random() % (to - from)] = static_cast<std::uint8_t>(random());
  };
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> bytes = whole;
    for (auto n = 1 + random() % 3; n > 0; --n) {
      mutate(bytes, 0, std::size_t{200});                            // headers
      mutate(bytes, bytes.size() - bytes.size() / 4, bytes.size());  // sections and symbols
    }
    if (message_of(bytes) != "accepted") ++refused;
  }
  EXPECT_GT(refused, 5'000);
}

}  // namespace
}  // namespace lutra::models
