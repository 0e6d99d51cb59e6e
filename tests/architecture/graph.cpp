#include "tests/architecture/graph.h"

#include <algorithm>
#include <deque>

namespace lutra::test {
namespace {

const std::set<std::string>& arrows_from(const Graph& graph, const std::string& name) {
  static const std::set<std::string> none;
  const auto found = graph.find(name);
  return found == graph.end() ? none : found->second;
}

// For everything that is reached, from where it is first.
std::map<std::string, std::string> search(const Graph& graph, const std::string& start) {
  std::map<std::string, std::string> from;
  std::deque<std::string> open = {start};
  while (!open.empty()) {
    const std::string name = open.front();
    open.pop_front();
    for (const auto& next : arrows_from(graph, name)) {
      if (from.emplace(next, name).second) {
        open.push_back(next);
      }
    }
  }
  return from;
}

}  // namespace

std::set<std::string> reachable(const Graph& graph, const std::string& start) {
  std::set<std::string> names;
  for (const auto& [name, ignored] : search(graph, start)) {
    names.insert(name);
  }
  return names;
}

std::vector<std::string> way(const Graph& graph, const std::string& from, const std::string& to) {
  const auto came = search(graph, from);
  if (came.count(to) == 0) {
    return {};
  }
  std::vector<std::string> names = {to};
  do {
    names.push_back(came.at(names.back()));
  } while (names.back() != from);
  std::reverse(names.begin(), names.end());
  return names;
}

std::set<std::set<std::string>> circles(const Graph& graph) {
  std::map<std::string, std::set<std::string>> reach;
  for (const auto& [name, ignored] : graph) {
    reach[name] = reachable(graph, name);
  }
  std::set<std::set<std::string>> groups;
  for (const auto& [name, reached] : reach) {
    std::set<std::string> group = {name};
    for (const auto& other : reached) {
      const auto back = reach.find(other);
      if (back != reach.end() && back->second.count(name) != 0) {
        group.insert(other);
      }
    }
    if (group.size() > 1) {
      groups.insert(group);
    }
  }
  return groups;
}

}  // namespace lutra::test
