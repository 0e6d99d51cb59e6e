#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>

#include "software/common/error.h"
#include "software/common/yaml.h"

namespace lutra {

namespace {

constexpr std::size_t largest_document = std::size_t{1} << 20;
constexpr std::size_t deepest_document = 32;
constexpr std::size_t longest_quote = 60;  // of the file, in a message

// Builds the tree from yaml-cpp's events. Nodes under construction lie on a stack, so that depth is a plain count.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& name) : name_(name) {}

  YamlValue take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    YamlValue value;
    value.line = line(mark);
    add(std::move(value));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fail(mark, "aliases ('*name') are not accepted; write the value out");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    YamlValue value;
    value.kind = YamlValue::Kind::scalar;
    value.line = line(mark);
    value.text = text;
    value.quoted = tag == "!";  // yaml-cpp's mark of a quoted scalar
    add(std::move(value));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlValue::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlValue::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    YamlValue value;
    bool key_read = false;                       // a mapping's next value belongs to keys.back()
    std::unordered_map<std::string, int> lines;  // of a mapping's keys
  };

  // yaml-cpp counts lines from 0 and gives -1 where it does not know.
  static int line(const YAML::Mark& mark) { return std::max(mark.line, 0) + 1; }

  [[noreturn]] void fail(int line, const std::string& message) const {
    throw Error(fmt::format("{}:{}: {}", name_, line, message));
  }
  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) const { fail(line(mark), message); }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != YAML::NullAnchor)
      fail(mark, "anchors ('&name') are not accepted; write the value out where it is needed");
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!")
      fail(mark, fmt::format("tags ('{}') are not accepted", tag.substr(0, longest_quote)));
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlValue::Kind kind) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (stack_.size() >= deepest_document)
      fail(mark, fmt::format("nested deeper than the {} levels that are accepted", deepest_document));
    Frame frame;
    frame.value.kind = kind;
    frame.value.line = line(mark);
    stack_.push_back(std::move(frame));
  }

  void close() {
    YamlValue value = std::move(stack_.back().value);
    stack_.pop_back();
    add(std::move(value));
  }

  void add(YamlValue value) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.value.kind == YamlValue::Kind::sequence || frame.key_read) {
      // yaml-cpp marks an absent value where the next token starts.
      if (frame.key_read && value.kind == YamlValue::Kind::null) value.line = frame.value.key_lines.back();
      frame.value.items.push_back(std::move(value));
      frame.key_read = false;
      return;
    }
    if (value.kind != YamlValue::Kind::scalar || value.text.empty()) fail(value.line, "a key must be a plain word");
    if (const auto [first, fresh] = frame.lines.emplace(value.text, value.line); !fresh)
      fail(value.line, fmt::format("key '{}' is given twice; the first is in line {}",
                                   value.text.substr(0, longest_quote), first->second));
    frame.value.keys.push_back(std::move(value.text));
    frame.value.key_lines.push_back(value.line);
    frame.key_read = true;
  }

  const std::string& name_;
  std::vector<Frame> stack_;
  YamlValue root_;
};

}  // namespace

YamlDocument parse_yaml(std::string_view text, std::string name) {
  if (text.size() > largest_document)
    throw Error(
        fmt::format("{}:1: {} bytes are more than the {} that are accepted", name, text.size(), largest_document));
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
    throw Error(fmt::format("{}:{}: a zero byte: this is not a text file", name,
                            1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n')));
  YamlDocument document{std::move(name), {}};
  TreeBuilder builder(document.name);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) throw Error(fmt::format("{}:1: the file is empty", document.name));
    document.root = builder.take_root();
    TreeBuilder ignored(document.name);
    if (parser.HandleNextDocument(ignored))
      throw Error(fmt::format("{}: holds more than one document; keep one per file", document.name));
  } catch (const YAML::Exception& error) {
    throw Error(fmt::format("{}:{}: {}", document.name, std::max(error.mark.line, 0) + 1, error.msg));
  }
  return document;
}

}  // namespace lutra
