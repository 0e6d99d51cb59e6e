#include "software/network/data/pictures/label_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
#include <optional>

#include "software/common/error.h"
#include "software/network/data/pictures/csv_pairs.h"

namespace lutra::network {

namespace {

bool is_one_of(std::string text, std::initializer_list<std::string_view> words) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(words, text) != words.end();
}

bool is_header(const CsvPair& pair) {
  return is_one_of(pair.first.text, {"file", "filename", "file_name", "image", "path"}) &&
         is_one_of(pair.second.text, {"label", "class"});
}

std::string place_of(const CsvField& field, const std::string& place) {
  return fmt::format("{}:{}:{}", place, field.line, field.column);
}

template <typename Number>
std::optional<Number> as_number(const std::string& text) {
  Number number{};
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status == std::errc::invalid_argument || end != text.data() + text.size()) return std::nullopt;
  return status == std::errc() ? number : std::numeric_limits<Number>::max();
}

// Whether the label is a number; one that is no class is refused.
bool is_class_number(const CsvField& label, const std::string& place) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (std::ranges::none_of(label.text, is_digit) || !as_number<double>(label.text)) return false;
  if (!std::ranges::all_of(label.text, is_digit) || *as_number<std::uint64_t>(label.text) >= most_classes)
    throw Error(fmt::format("{}: the label {} is no class; whole numbers from 0 to {} are, or names",
                            place_of(label, place), label.text.substr(0, 40), most_classes - 1));
  return true;
}

}  // namespace

LabelList read_label_list(std::string_view text, const std::string& place) {
  LabelList list;
  std::vector<std::string> names;  // of each file's class
  bool are_numbers = false;
  CsvPairs lines(text, place);
  std::optional<CsvPair> pair = lines.next();
  if (pair && is_header(*pair)) pair = lines.next();
  for (; pair; pair = lines.next()) {
    const bool is_number = is_class_number(pair->second, place);
    if (list.files.empty()) are_numbers = is_number;
    if (is_number != are_numbers)
      throw Error(
          fmt::format("{}: the label '{}' is a {}, and those before are {}; give all classes numbers from 0, or "
                      "all names",
                      place_of(pair->second, place), pair->second.text.substr(0, 40), is_number ? "number" : "name",
                      is_number ? "names" : "numbers"));
    if (list.files.size() == most_pictures)
      throw Error(fmt::format("{}: more than {} pictures", place_of(pair->first, place), most_pictures));
    const Label label = is_number ? static_cast<Label>(*as_number<std::uint64_t>(pair->second.text)) : Label{0};
    list.files.push_back({std::move(pair->first.text), label, place_of(pair->first, place)});
    if (!is_number) names.push_back(std::move(pair->second.text));
  }
  if (list.files.empty()) throw Error(fmt::format("{}: names no pictures; each line is `file,label`", place));
  list.class_names = names;
  std::ranges::sort(list.class_names);
  list.class_names.erase(std::unique(list.class_names.begin(), list.class_names.end()), list.class_names.end());
  if (list.class_names.size() > most_classes)
    throw Error(
        fmt::format("{}: has {} classes; at most {} are possible", place, list.class_names.size(), most_classes));
  for (std::size_t i = 0; i < names.size(); ++i)
    list.files[i].label =
        static_cast<Label>(std::ranges::lower_bound(list.class_names, names[i]) - list.class_names.begin());
  return list;
}

}  // namespace lutra::network
