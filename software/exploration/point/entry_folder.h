#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace lutra::exploration {

// What is said about an entry that cannot be believed: once, when it is set aside.
using Warn = std::function<void(const std::string&)>;

// Texts by name, each a gzip file `name`: `zcat` prints the text. The file's comment holds `lutra <name> <SHA-256>` and
// then what the text was computed from, as lines; the digest is that of both. An entry that is cut off, changed, or of
// another name is renamed to `<name>.damaged`, named to `warn`, and absent from then on. Programs may share a folder at
// the same time.
class EntryFolder {
 public:
  // Makes the folder. Throws Error when nothing can be written there.
  EntryFolder(std::filesystem::path folder, Warn warn);

  std::optional<std::string> load(const std::string& name) const;
  // The entry as `parse` reads it; what `parse` refuses with an Error is set aside too.
  template <typename Parse>
  auto load(const std::string& name, const Parse& parse) const
      -> std::optional<decltype(parse(std::string(), std::string()))> {
    const auto content = load(name);
    if (!content) return std::nullopt;
    try {
      return parse(*content, (folder_ / name).string());
    } catch (const std::exception& error) {
      set_aside(name, error.what());
      return std::nullopt;
    }
  }
  // `origin`: lines without a zero byte. What is saved survives a loss of power.
  void save(const std::string& name, const std::string& content, const std::string& origin) const;

 private:
  void set_aside(const std::string& name, const std::string& reason) const;

  std::filesystem::path folder_;
  Warn warn_;
};

}  // namespace lutra::exploration
