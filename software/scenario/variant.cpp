#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <utility>

#include "software/common/error.h"
#include "software/scenario/override.h"

namespace lutra::scenario {

namespace {

// A tree whose keys and values remember the file they come from, beside their lines.
struct Node {
  YamlValue::Kind kind = YamlValue::Kind::null;
  std::string text;
  bool quoted = false;
  const std::string* file = nullptr;
  int line = 1;

  struct Key {
    std::string name;
    const std::string* file = nullptr;
    int line = 1;
  };
  std::vector<Key> keys;  // of a mapping, beside `items`
  std::vector<Node> items;
};

Node with_origin(const YamlValue& value, const std::string& file) {
  Node node{value.kind, value.text, value.quoted, &file, value.line, {}, {}};
  for (std::size_t i = 0; i < value.keys.size(); ++i) node.keys.push_back({value.keys[i], &file, value.key_lines[i]});
  for (const YamlValue& item : value.items) node.items.push_back(with_origin(item, file));
  return node;
}

// A scenario has one of these: what sets one takes the other's place.
constexpr std::pair<const char*, const char*> alternatives[] = {{"scheme", "quantized"}, {"quantized", "scheme"}};

void drop_alternative(Node& root, const std::string& key) {
  for (const auto& [given, other] : alternatives) {
    if (key != given) continue;
    const auto found = std::find_if(root.keys.begin(), root.keys.end(),
                                    [&, name = other](const Node::Key& candidate) { return candidate.name == name; });
    if (found == root.keys.end()) continue;
    root.items.erase(root.items.begin() + (found - root.keys.begin()));
    root.keys.erase(found);
  }
}

void set(Node& root, const Override& override) {
  drop_alternative(root, override.path.front());
  Node* node = &root;
  std::string above;
  for (const std::string& part : override.path) {
    if (node->kind == YamlValue::Kind::null) node->kind = YamlValue::Kind::mapping;
    if (node->kind != YamlValue::Kind::mapping)
      throw Error(
          fmt::format("{}:{}: {}: '{}' is no mapping in {}:{}, so that nothing can be set in it; give '{}' a "
                      "mapping as its value first",
                      override.file, override.line, override.key(), above, *node->file, node->line, above));
    auto found =
        std::find_if(node->keys.begin(), node->keys.end(), [&](const Node::Key& key) { return key.name == part; });
    if (found == node->keys.end()) {
      node->keys.push_back({part, &override.file, override.line});
      node->items.push_back(
          with_origin({.text = "", .line = override.line, .keys = {}, .key_lines = {}, .items = {}}, override.file));
      found = node->keys.end() - 1;
    }
    node = &node->items[static_cast<std::size_t>(found - node->keys.begin())];
    above += (above.empty() ? "" : ".") + part;
  }
  *node = with_origin(override.value, override.file);
}

void sort_keys(Node& node) {
  for (Node& item : node.items) sort_keys(item);
  std::vector<std::size_t> order(node.keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return node.keys[a].name < node.keys[b].name; });
  if (order.empty()) return;
  std::vector<Node::Key> keys;
  std::vector<Node> items;
  for (const std::size_t index : order) {
    keys.push_back(std::move(node.keys[index]));
    items.push_back(std::move(node.items[index]));
  }
  node.keys = std::move(keys);
  node.items = std::move(items);
}

YamlValue to_yaml(const Node& node) {
  YamlValue value;
  value.kind = node.kind;
  value.text = node.text;
  value.quoted = node.quoted;
  for (const Node::Key& key : node.keys) {
    value.keys.push_back(key.name);
    value.key_lines.push_back(key.line);
  }
  for (const Node& item : node.items) value.items.push_back(to_yaml(item));
  return value;
}

// Where the lines of the written text come from.
using Origins = std::map<int, std::string>;

// Both trees have one shape. What stands deepest in a line is what a message about that line means.
void trace(const Node& source, const YamlValue& written, Origins& origins) {
  origins[written.line] = fmt::format("{}:{}", *source.file, source.line);
  if (source.items.size() != written.items.size()) return;
  for (std::size_t i = 0; i < written.items.size(); ++i) {
    if (i < source.keys.size() && i < written.key_lines.size())
      origins[written.key_lines[i]] = fmt::format("{}:{}", *source.keys[i].file, source.keys[i].line);
    trace(source.items[i], written.items[i], origins);
  }
}

// A message "file:line: ..." about the written text, as one about the place the line comes from.
std::string relocate(const std::string& message, const std::string& file, const Origins& origins) {
  if (!message.starts_with(file + ":")) return message;
  const char* first = message.data() + file.size() + 1;
  int line = 0;
  const auto [rest, failure] = std::from_chars(first, message.data() + message.size(), line);
  const auto origin = origins.find(line);
  if (failure != std::errc{} || origin == origins.end()) return message;
  return origin->second + std::string(rest, message.data() + message.size());
}

struct EditedText {
  std::string text;
  Origins origins;
};

EditedText edit(const BaseScenario& base, const Overrides& overrides) {
  Node root = with_origin(base.document.root, base.file);
  for (const auto& override : overrides) set(root, *override);
  sort_keys(root);
  EditedText edited{emit_yaml(to_yaml(root)), {}};
  trace(root, parse_yaml(edited.text, base.file).root, edited.origins);
  return edited;
}

// What `parse` makes of the text; its errors name the places that the lines come from.
template <typename Parse>
auto parse_edited(const EditedText& edited, const std::string& file, const Parse& parse) {
  try {
    return parse(edited.text, file);
  } catch (const Error& error) {
    throw Error(relocate(error.what(), file, edited.origins));
  }
}

}  // namespace

Variant apply_overrides(const BaseScenario& base, const Overrides& overrides, const costs::Tables& tables) {
  EditedText edited = edit(base, overrides);
  Scenario scenario = parse_edited(edited, base.file, [&](const std::string& text, const std::string& file) {
    return parse_scenario(text, file, tables);
  });
  return {std::move(edited.text), std::move(scenario)};
}

Hardware load_hardware(const std::optional<std::string>& path_or_name, const Overrides& overrides,
                       const costs::Tables& tables) {
  const auto parse = [&](const std::string& text, const std::string& file) {
    return parse_hardware(text, file, tables);
  };
  BaseScenario base{"the default hardware", {}};
  base.document.root.kind = YamlValue::Kind::mapping;
  if (path_or_name) {
    const ScenarioText found = find_scenario(*path_or_name);
    if (overrides.empty()) return parse(found.text, found.file);
    base = {found.file, parse_yaml(found.text, found.file)};
  }
  if (overrides.empty()) return {};
  return parse_edited(edit(base, overrides), base.file, parse);
}

}  // namespace lutra::scenario
