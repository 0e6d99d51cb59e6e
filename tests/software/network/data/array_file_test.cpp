#include "software/network/data/own/array_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "software/common/error.h"
#include "tests/software/network/own_files.h"

namespace lutra::network::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Array read(const Bytes& bytes, const RawForm& raw = {}, const std::string& array = "") {
  return read_array(bytes, "x.npy", array, raw);
}

std::vector<double> numbers(const Array& array) {
  std::vector<double> result;
  for (std::size_t i = 0; i < array.size(); ++i) result.push_back(array.at(i));
  return result;
}

void refused(const Bytes& bytes, const std::string& message, const RawForm& raw = {}) {
  EXPECT_THAT([&] { read(bytes, raw); }, ThrowsMessage<Error>(AllOf(HasSubstr("x.npy: "), HasSubstr(message))));
}

template <typename Number>
void reads(const std::string& descr, NumberType type) {
  const std::vector<Number> content = {std::numeric_limits<Number>::lowest(), Number{0}, Number{1}, Number{100}};
  const Array array = read(npy(descr, "(2, 2)", bytes_of_numbers(content)));
  EXPECT_EQ(array.type, type);
  EXPECT_THAT(array.shape, ElementsAre(2, 2));
  EXPECT_THAT(numbers(array), ElementsAre(static_cast<double>(content[0]), 0, 1, 100)) << descr;
}

TEST(NumPyArrays, OfEveryTypeAreRead) {
  reads<std::uint8_t>("|u1", NumberType::uint8);
  reads<std::int8_t>("|i1", NumberType::int8);
  reads<std::uint16_t>("<u2", NumberType::uint16);
  reads<std::int16_t>("<i2", NumberType::int16);
  reads<std::uint32_t>("<u4", NumberType::uint32);
  reads<std::int32_t>("<i4", NumberType::int32);
  reads<std::uint64_t>("<u8", NumberType::uint64);
  reads<std::int64_t>("<i8", NumberType::int64);
  reads<float>("<f4", NumberType::float32);
  reads<double>("<f8", NumberType::float64);
  EXPECT_THAT(numbers(read(npy("|b1", "(3,)", {0, 1, 7}))), ElementsAre(0, 1, 1));
}

TEST(NumPyArrays, OfEitherOrderAndVersionAreRead) {
  EXPECT_THAT(numbers(read(npy(">i2", "(2,)", {1, 2, 0xFF, 0xFE}))), ElementsAre(258, -2));
  // [[1, 2, 3], [4, 5, 6]], columns one after the other.
  EXPECT_THAT(numbers(read(npy("|u1", "(2, 3)", {1, 4, 2, 5, 3, 6}, "True"))), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(numbers(read(npy("<u2", "(2, 1, 2)", {1, 0, 3, 0, 2, 0, 4, 0}, "True"))), ElementsAre(1, 2, 3, 4));
  for (const std::uint8_t version : {std::uint8_t{2}, std::uint8_t{3}})
    EXPECT_THAT(numbers(read(npy_of("{\"shape\":(1,),'descr':'|u1','fortran_order':False}", {9}, version))),
                ElementsAre(9));
  EXPECT_EQ(read(npy("|u1", "()", {9})).shape.size(), 0U);
  EXPECT_THAT(read(npy("<f4", "(0, 3)", {})).shape, ElementsAre(0, 3));
  EXPECT_THAT(numbers(read(gzip(npy("|u1", "(2,)", {3, 4})))), ElementsAre(3, 4));
}

TEST(NumPyArrays, SaysWhatIsWrong) {
  refused(npy("|u1", "(2, 3)", {1, 2, 3, 4, 5}), "declares 2x3 of uint8 and holds 5 bytes of them; it is cut off");
  refused(npy("|u1", "(2,)", {1, 2, 3}), "followed by something else");
  refused(npy("|u1", "(-2, 3)", {}), "whole numbers from 0");
  refused(npy("|u1", "(99999999999999999999,)", {}), "whole numbers from 0");
  refused(npy("<f8", "(4294967296, 4294967296, 4294967296)", {1}), "it is cut off");
  refused(npy("<f8", "(2305843009213693952, 8)", {}), "it is cut off");
  refused(npy("|u1", "(1, 1, 1, 1, 1, 1, 1, 1, 1)", {1}), "more than 8 extents");
  refused(npy("|u1", "(1 1)", {1}), "')' is missing");
  refused(npy("<f2", "(1,)", {1, 2}), "the type '<f2'; float32 and float64");
  refused(npy("|O", "(1,)", {1, 2}), "the type '|O'");
  refused(npy("<U4", "(1,)", {1, 2}), "astype('float32')");
  refused(npy("", "(1,)", {1}), "the type ''");
  refused(npy_of("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", {}), "holds records");
  refused(npy("|u1", "(1,)", {1}, "Maybe"), "neither True nor False");
  refused(npy_of("{'descr': '|u1', 'shape': (1,)}", {1}), "is missing");
  refused(npy_of("{'descr': '|u1', 'descr': '|u1'}", {1}), "key 'descr' is unknown or there twice");
  refused(npy_of("{'descr': '|u1", {1}), "quotation mark");
  refused(npy_of("{} x", {1}), "something follows");
  refused(npy_of("{}", {1}, 4), "version 4");
  Bytes cut = npy("|u1", "(1,)", {1});
  cut.resize(30);
  refused(cut, "cut off in its NumPy header");
  cut.resize(9);
  refused(cut, "cut off in its NumPy header");
  refused({'h', 'i'}, "neither NumPy's (.npy, .npz) nor IDX");
  refused({}, "neither NumPy's");
  refused(npy("<f4", "(1,)", {1, 2, 3, 4}), "holds float32, and the scenario says uint8", {NumberType::uint8, {1}});
  EXPECT_THAT([] { read(npy("|u1", "(1,)", {1}), {}, "x"); }, ThrowsMessage<Error>(HasSubstr("is no .npz archive")));
}

TEST(NumPyArchives, GiveTheArrayThatIsNamed) {
  const ScratchFolder folder;
  const std::filesystem::path path = folder.path() / "d.npz";
  write_npz(path, {{"images", npy("|u1", "(2,)", {1, 2})}, {"labels", npy("<i8", "(1,)", Bytes(8, 0))}});
  EXPECT_THAT(numbers(read_array(path, "images", {})), ElementsAre(1, 2));
  EXPECT_EQ(read_array(path, "labels", {}).type, NumberType::int64);
  EXPECT_THAT(
      [&] { read_array(path, "", {}); },
      ThrowsMessage<Error>(AllOf(HasSubstr("holds 2 arrays; it holds images, labels"), HasSubstr("npz:images"))));
  EXPECT_THAT([&] { read_array(path, "image", {}); }, ThrowsMessage<Error>(HasSubstr("has no array 'image'")));
  write_npz(path, {{"a", npy("|u1", "(200,)", Bytes(200, 7))}});
  EXPECT_EQ(read_array(path, "", {}).size(), 200U);

  Bytes damaged = lutra::read_file(path);
  damaged.resize(damaged.size() - 30);
  write_bytes(path, damaged);
  EXPECT_THAT([&] { read_array(path, "", {}); }, ThrowsMessage<Error>(HasSubstr("d.npz: cannot be read as an .npz")));
  write_npz(path, {{"a", npy("|u1", "(300,)", Bytes(300, 7))}});
  damaged = lutra::read_file(path);
  damaged[60] ^= 0x55;
  write_bytes(path, damaged);
  EXPECT_THAT([&] { read_array(path, "", {}); }, ThrowsMessage<Error>(HasSubstr("d.npz:a: ")));
  // 60 MB of zeros in some 60 kB.
  write_npz(path, {{"a", Bytes(60'000'000, 0)}});
  EXPECT_THAT([&] { read_array(path, "", {}); }, ThrowsMessage<Error>(HasSubstr("unpacks to more than")));
}

TEST(IdxArrays, OfAnyTypeAndShapeAreRead) {
  const Array array = read({0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 0xFF, 0xFE});
  EXPECT_THAT(array.shape, ElementsAre(1, 2));
  EXPECT_THAT(numbers(array), ElementsAre(258, -2));
  refused({0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 0xFF}, "1x2 of int16 and holds 3 bytes");
  refused({0, 0, 0x0A, 1, 0, 0, 0, 1}, "IDX element type");
  refused({0, 0, 8, 9, 0, 0, 0, 1}, "9 IDX dimensions");
  refused({0, 0, 8, 1, 0, 0, 0}, "cut off in its IDX header");
  refused({0, 0, 8, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, "cut off");
}

TEST(RawNumbers, HaveTheTypeAndShapeThatIsGiven) {
  const Array array = read({1, 0, 2, 0, 3, 0, 4, 0}, {NumberType::int16, {1, 2}});
  EXPECT_THAT(array.shape, ElementsAre(2, 1, 2));
  EXPECT_THAT(numbers(array), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(read({1, 2, 3}, {NumberType::uint8, {}}).shape, ElementsAre(3));
  refused(Bytes(7, 1), "has 7 bytes, which is no whole number of examples of 4 bytes (1x2 of int16)",
          {NumberType::int16, {1, 2}});
  refused(Bytes(7, 1), "no whole number", {NumberType::float64, {1 << 20, 1 << 20, 1 << 20, 1 << 20}});
}

}  // namespace
}  // namespace lutra::network::test
