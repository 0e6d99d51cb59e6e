#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace lutra::costs {

// A cost table as it is written.
struct TableText {
  std::string name;  // in results: its id, or "user:<id>@" and the first eight digits of its SHA-256
  std::string file;  // in messages
  std::string text;
};

// The cost tables by id: those the program carries and, before them, those of a folder. software/costs/README.md gives
// the ids.
class TableFiles {
 public:
  // The program's own.
  TableFiles();

  // `folder` holds a table `<id>.yaml` each. Throws Error naming the folder when it is none or holds no table.
  explicit TableFiles(const std::filesystem::path& folder);

  // What is read last holds: the folder's where there is one. Throws Error naming the id when there is neither.
  const TableText& at(const std::string& id);

  // The carried table, then the folder's; those that there are.
  std::vector<const TableText*> layers(const std::string& id);

  bool has(const std::string& id) const;

  // Throws Error naming a file of the folder that nothing has asked for: its writer would get other figures.
  void refuse_unread() const;

  // SHA-256 of the folder's tables and their ids; empty without a folder.
  const std::string& digest() const { return digest_; }

 private:
  std::map<std::string, TableText> carried_, user_;
  std::set<std::string> asked_;
  std::string digest_;
};

}  // namespace lutra::costs
