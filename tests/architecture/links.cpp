#include "tests/architecture/links.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace lutra::test {
namespace fs = std::filesystem;
namespace {

struct Line {
  int number = 0;
  std::string text;
};

// The lines of a page outside of fenced code.
std::vector<Line> prose(const fs::path& page) {
  std::ifstream stream(page);
  std::vector<Line> lines;
  std::string text;
  bool code = false;
  for (int number = 1; std::getline(stream, text); ++number) {
    if (text.rfind("```", 0) == 0) {
      code = !code;
    } else if (!code) {
      lines.push_back({number, text});
    }
  }
  return lines;
}

// The anchors of a page's headings; a heading that stands there again gets -1, -2 and so on.
std::set<std::string> anchors(const fs::path& page) {
  static const std::regex heading("^#{1,6} +(.*)$");
  std::map<std::string, int> count;
  std::set<std::string> names;
  for (const Line& line : prose(page)) {
    std::smatch match;
    if (std::regex_match(line.text, match, heading)) {
      const std::string name = anchor_of(match[1]);
      const int before = count[name]++;
      names.insert(before == 0 ? name : name + "-" + std::to_string(before));
    }
  }
  return names;
}

std::vector<std::string> link_targets(const std::string& line) {
  static const std::regex code("`[^`]*`");
  static const std::regex link(R"re(\]\(([^()\s]+)\)|(?:src|href)="([^"]+)")re");
  // The text of a link may be code: [`x`](y) keeps its brackets.
  const std::string text = std::regex_replace(line, code, "code");
  std::vector<std::string> targets;
  for (std::sregex_iterator match(text.begin(), text.end(), link), end; match != end; ++match) {
    targets.push_back((*match)[1].matched ? (*match)[1] : (*match)[2]);
  }
  return targets;
}

}  // namespace

std::string anchor_of(const std::string& heading) {
  std::string name;
  for (const char letter : heading) {
    if (letter == ' ') {
      name += '-';
    } else if (std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-' || letter == '_') {
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
  }
  return name;
}

std::vector<fs::path> find_pages(const fs::path& root) {
  std::vector<fs::path> pages;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string name = entry->path().filename().string();
    if (entry->is_directory() &&
        (name.front() == '.' || name == "build" || fs::exists(entry->path() / "CMakeCache.txt"))) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file() && entry->path().extension() == ".md") {
      pages.push_back(entry->path());
    }
  }
  std::sort(pages.begin(), pages.end());
  return pages;
}

Faults dead_links(const fs::path& root) {
  Faults faults;
  for (const fs::path& page : find_pages(root)) {
    for (const Line& line : prose(page)) {
      for (const std::string& target : link_targets(line.text)) {
        if (target.find("://") != std::string::npos || target.rfind("mailto:", 0) == 0) {
          continue;
        }
        const std::size_t hash = target.find('#');
        const std::string path = target.substr(0, hash);
        const fs::path file = path.empty() ? page : page.parent_path() / path;
        const std::string place = fs::relative(page, root).generic_string() + ":" + std::to_string(line.number) + ": ";
        if (!fs::exists(file)) {
          faults.push_back(place + "'" + target + "' leads to no file");
        } else if (hash != std::string::npos && anchors(file).count(target.substr(hash + 1)) == 0) {
          faults.push_back(place + "'" + target + "' leads to no heading of that page");
        }
      }
    }
  }
  return faults;
}

Faults dead_paths(const fs::path& root) {
  static const std::regex pattern("`((?:models|accelerators|software|traces|scenarios|tests)/[A-Za-z0-9_./-]*)`");
  Faults faults;
  for (const fs::path& page : find_pages(root)) {
    for (const Line& line : prose(page)) {
      for (std::sregex_iterator match(line.text.begin(), line.text.end(), pattern), end; match != end; ++match) {
        const std::string path = (root / (*match)[1].str()).string();
        if (!fs::exists(path) && !fs::exists(path + ".h")) {
          faults.push_back(fs::relative(page, root).generic_string() + ":" + std::to_string(line.number) + ": `" +
                           (*match)[1].str() + "` is nothing in the tree");
        }
      }
    }
  }
  return faults;
}

}  // namespace lutra::test
