#include "software/common/yaml.h"

#include <gmock/gmock.h>

#include <functional>

#include "software/common/error.h"

namespace lutra {
namespace {

using ::testing::HasSubstr;

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string parse_message(const std::string& text) {
  return message_of([&] { parse_yaml(text, "t.yaml"); });
}

TEST(Yaml, ReadsScalarsListsAndMappings) {
  const YamlDocument document = parse_yaml("a: 3\nb: [1.5, 2]\nc: {d: true, e: word}\n", "t.yaml");
  const YamlMapping root = YamlReader(document).mapping({"a", "b", "c", "absent"});
  int a = 0;
  root.read("a", a, 0, 10);
  EXPECT_EQ(a, 3);
  root.read("absent", a, 0, 10);
  EXPECT_EQ(a, 3);
  EXPECT_DOUBLE_EQ(root.at("b").items().at(0).number(0, 2), 1.5);
  const YamlMapping c = root.at("c").mapping({"d", "e"});
  EXPECT_TRUE(c.at("d").boolean());
  EXPECT_EQ(c.at("e").text(), "word");
  EXPECT_EQ(c.at("e").choice({"letter", "word"}), 1U);
}

TEST(Yaml, AnUnknownKeyIsNamedWithItsLineAndTheNearestKey) {
  const YamlDocument document = parse_yaml("name: x\nengin:\n  rows: 4\n", "s.yaml");
  EXPECT_EQ(message_of([&] {
              YamlReader(document).mapping({"name", "engine"});
            }),
            "s.yaml:2: key 'engin' is unknown here; did you mean 'engine'?");
}

TEST(Yaml, AnUnknownKeyFarFromAllListsThem) {
  const YamlDocument document = parse_yaml("soc:\n  zzzzzz: 1\n", "s.yaml");
  const YamlReader soc = YamlReader(document).mapping({"soc"}).at("soc");
  EXPECT_EQ(message_of([&] {
              soc.mapping({"clock_mhz", "hart"});
            }),
            "s.yaml:2: key 'zzzzzz' is unknown in 'soc'; there are: clock_mhz, hart");
}

TEST(Yaml, AKeyGivenTwiceIsNamedWithBothLines) {
  EXPECT_EQ(parse_message("a: 1\nb: 2\na: 3\n"), "t.yaml:3: key 'a' is given twice; the first is in line 1");
}

TEST(Yaml, WrongTypesAndRangesSayWhatWouldBeRight) {
  const YamlDocument document = parse_yaml("a: word\nb: 70000\nc: '5'\nd: [1]\ne:\nf: nan\n", "t.yaml");
  const YamlMapping root = YamlReader(document).mapping({"a", "b", "c", "d", "e", "f", "g"});
  const auto integer = [&](const char* key) { return message_of([&] { root.at(key).integer(1, 64); }); };
  EXPECT_EQ(integer("a"), "t.yaml:1: a: 'word' stands where a whole number from 1 to 64 is expected");
  EXPECT_EQ(integer("b"), "t.yaml:2: b: '70000' stands where a whole number from 1 to 64 is expected");
  EXPECT_EQ(integer("c"), "t.yaml:3: c: '5' stands where a whole number from 1 to 64 is expected");
  EXPECT_EQ(integer("d"), "t.yaml:4: d: a list stands where a whole number from 1 to 64 is expected");
  EXPECT_EQ(integer("e"), "t.yaml:5: e: nothing stands where a whole number from 1 to 64 is expected");
  EXPECT_EQ(integer("g"), "t.yaml:1: key 'g' is missing");
  EXPECT_THAT(message_of([&] { root.at("f").number(0, 1); }), HasSubstr("'nan' stands where a number from 0 to 1"));
  EXPECT_EQ(message_of([&] {
              root.at("a").choice({"sword", "pen"});
            }),
            "t.yaml:1: a: 'word' is none of the choices; did you mean 'sword'?");
  EXPECT_THAT(message_of([&] { root.at("a").boolean(); }), HasSubstr("true or false"));
  EXPECT_THAT(message_of([&] { root.at("a").items(); }), HasSubstr("a list is expected"));
  EXPECT_THAT(message_of([&] { root.at("a").entries(); }), HasSubstr("a mapping is expected"));
}

TEST(Yaml, SyntaxErrorsNameFileAndLine) {
  EXPECT_THAT(parse_message("a: 1\nb: [1, 2\nc: 3\n"), HasSubstr("t.yaml:"));
  EXPECT_THAT(parse_message("a: 1\n\tb: 2\n"), HasSubstr("t.yaml:2:"));
  EXPECT_EQ(parse_message(""), "t.yaml:1: the file is empty");
  EXPECT_THAT(parse_message("a: 1\n---\nb: 2\n"), HasSubstr("more than one document"));
}

TEST(Yaml, RefusesWhatATableNeverNeeds) {
  EXPECT_THAT(parse_message("a: &x 1\nb: *x\n"), HasSubstr("t.yaml:1: anchors"));
  EXPECT_THAT(parse_message("a: !!binary xx\n"), HasSubstr("tags"));
  EXPECT_THAT(parse_message("{[1]: 2}\n"), HasSubstr("a key must be a plain word"));
  EXPECT_THAT(parse_message(std::string("a: \0", 4)), HasSubstr("zero byte"));
  EXPECT_THAT(parse_message(std::string((1U << 20) + 1, 'a')), HasSubstr("more than the"));
}

TEST(Yaml, ReadsTensOfThousandsOfKeys) {
  std::string text;
  for (int i = 0; i < 70'000; ++i) text += "key" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(parse_yaml(text, "t.yaml").root.keys.size(), 70'000U);
  EXPECT_EQ(parse_message(text + "key3: 2\n"), "t.yaml:70001: key 'key3' is given twice; the first is in line 4");
}

TEST(Yaml, DepthIsBounded) {
  for (const char* opening : {"[", "{a: ", "- ", "? "}) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += opening;
    EXPECT_THAT(parse_message(text), HasSubstr("t.yaml:")) << opening;
  }
  std::string indented;
  for (int i = 0; i < 1000; ++i) indented += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_THAT(parse_message(indented), HasSubstr("nested deeper"));
}

}  // namespace
}  // namespace lutra
