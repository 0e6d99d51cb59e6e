#include <gtest/gtest.h>

#include <optional>
#include <random>

#include "software/common/error.h"
#include "software/common/yaml.h"
#include "tests/support/damage_text.h"

namespace lutra {
namespace {

void expect_same(const YamlValue& a, const YamlValue& b) {
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.text, b.text);
  EXPECT_EQ(a.keys, b.keys);
  ASSERT_EQ(a.items.size(), b.items.size());
  for (std::size_t i = 0; i < a.items.size(); ++i) expect_same(a.items[i], b.items[i]);
}

constexpr const char* sample =
    "a: 3\nb: [1.5, '2', {}]\nc: {d: true, e: a word, f: \"tab\\tand: colon\"}\ng:\nh: ~\ni: |\n  two\n  lines\n"
    "j: 'null'\n'k l': []\n";

TEST(YamlEmit, WrittenTextReadsBackTheSame) {
  const YamlDocument document = parse_yaml(sample, "t.yaml");
  const YamlDocument again = parse_yaml(emit_yaml(document.root), "t.yaml");
  expect_same(document.root, again.root);
}

TEST(YamlEmit, QuotedWordsStayQuotedAndPlainOnesPlain) {
  const YamlDocument document = parse_yaml("quoted: '8'\nplain: 8\nword: 'true'\n", "t.yaml");
  const YamlDocument again = parse_yaml(emit_yaml(document.root), "t.yaml");
  EXPECT_TRUE(again.root.items.at(0).quoted);
  EXPECT_FALSE(again.root.items.at(1).quoted);
  EXPECT_TRUE(again.root.items.at(2).quoted);
}

TEST(YamlEmit, EveryScalarHasALineOfItsOwn) {
  EXPECT_EQ(emit_yaml(parse_yaml("{a: 1, b: {c: 2, d: [3, 4]}}", "t.yaml").root),
            "a: 1\nb:\n  c: 2\n  d:\n    - 3\n    - 4\n");
}

TEST(YamlEmit, ReplacesBytesOutsideTextInQuotedWords) {
  YamlDocument document = parse_yaml("a: 'b'\n", "t.yaml");
  document.root.items[0].text = "b\xA0";
  EXPECT_EQ(parse_yaml(emit_yaml(document.root), "t.yaml").root.items[0].text, "b\xEF\xBF\xBD");
}

// Whatever is read from a text of printable characters can be written, and reads back the same. Escapes are left out:
// some stand for bytes that are no text.
TEST(YamlEmit, MutatedTextReadsBackTheSame) {
  constexpr unsigned seed = 5;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  int read = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = sample;
    for (unsigned i = 0; i <= random() % 4; ++i) test::damage_text(text, random, "[]{}:,-?'\"#|> \n%@`0aZ", 4);
    for (char& c : text)
      if ((c < ' ' && c != '\n') || c > '~' || c == '\\') c = '_';
    std::optional<YamlDocument> document;
    try {
      document = parse_yaml(text, "t.yaml");
    } catch (const Error&) {
      continue;
    }
    ++read;
    SCOPED_TRACE(text);
    expect_same(document->root, parse_yaml(emit_yaml(document->root), "t.yaml").root);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(read, 300);
}

}  // namespace
}  // namespace lutra
