#include "tests/architecture/checks.h"

#include <algorithm>

#include "tests/architecture/graph.h"

namespace lutra::test {
namespace {

constexpr std::size_t largest_room = 15;

std::string place(const std::string& file, int line) { return file + ":" + std::to_string(line) + ": "; }

template <typename Names>
std::string joined(const Names& names, const std::string& between) {
  std::string text;
  for (const auto& name : names) {
    text += (text.empty() ? "" : between) + name;
  }
  return text;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A permission is a room, or one header of a room.
bool is_header(const std::string& permission) { return std::filesystem::path(permission).extension() == ".h"; }

std::string room_named_by(const std::string& permission) {
  return is_header(permission) ? room_of(permission) : permission;
}

Graph file_graph(const SourceTree& tree) {
  Graph graph;
  for (const auto& [file, includes] : tree) {
    for (const auto& include : includes) {
      if (!include.library) {
        graph[file].insert(include.target);
      }
    }
  }
  return graph;
}

// The files that see a header of the library, with the way to it.
std::map<std::string, std::string> files_that_see(const SourceTree& tree, const Graph& files,
                                                  const std::string& library) {
  std::map<std::string, int> direct;
  for (const auto& [file, includes] : tree) {
    for (const auto& include : includes) {
      if (include.library && (lies_in(include.target, library) || include.target == library + ".h")) {
        direct.emplace(file, include.line);
      }
    }
  }
  std::map<std::string, std::string> seen;
  for (const auto& [file, ignored] : tree) {
    for (const auto& [user, line] : direct) {
      const auto steps = file == user ? std::vector<std::string>{file} : way(files, file, user);
      if (!steps.empty()) {
        const auto& includes = tree.at(file);
        const auto first = std::find_if(includes.begin(), includes.end(), [&](const Include& include) {
          return steps.size() > 1 && include.target == steps[1];
        });
        seen[file] =
            place(file, file == user ? line : first->line) +
            (file == user ? ""
                          : "through " + joined(std::vector<std::string>(steps.begin() + 1, steps.end()), ", ") + " ");
        break;
      }
    }
  }
  return seen;
}

}  // namespace

Faults forbidden_includes(const SourceTree& tree, const Rooms& rooms) {
  Faults faults;
  for (const auto& [file, includes] : tree) {
    const std::string room = room_of(file);
    const auto row = rooms.may_know.find(room);
    if (row == rooms.may_know.end()) {
      faults.push_back(file + ": room " + room + " has no row in " + rooms.page);
      continue;
    }
    for (const auto& include : includes) {
      if (include.library) {
        continue;
      }
      const std::string target = room_of(include.target);
      if (tree.count(include.target) == 0) {
        faults.push_back(place(file, include.line) + "\"" + include.target +
                         "\" is no file of the tree; write its path from the root");
      } else if (target != room && !contains(row->second.values, target) &&
                 !contains(row->second.values, include.target)) {
        faults.push_back(place(file, include.line) + "room " + room + " includes room " + target + " (" +
                         include.target + "), which " + rooms.page + ":" + std::to_string(row->second.line) +
                         " does not allow");
      }
    }
  }
  return faults;
}

Faults unused_permissions(const SourceTree& tree, const Rooms& rooms) {
  std::set<std::string> present;
  std::set<std::pair<std::string, std::string>> used;
  for (const auto& [file, includes] : tree) {
    present.insert(room_of(file));
    for (const auto& include : includes) {
      if (!include.library) {
        used.emplace(room_of(file), room_of(include.target));
        used.emplace(room_of(file), include.target);
      }
    }
  }
  Faults faults;
  for (const auto& [room, row] : rooms.may_know) {
    if (present.count(room) == 0) {
      faults.push_back(place(rooms.page, row.line) + "room " + room + " holds no source: take the row out");
    }
    for (const auto& target : row.values) {
      const bool twice = is_header(target) && contains(row.values, room_of(target));
      if (present.count(room) != 0 && (twice || used.count({room, target}) == 0)) {
        faults.push_back(place(rooms.page, row.line) + "no include of " + room + " needs " + target + ": take it out");
      }
    }
  }
  return faults;
}

Faults forbidden_reach(const SourceTree& tree, const Rooms& rooms) {
  Faults faults;
  Graph graph = file_graph(tree);
  for (const auto& [room, row] : rooms.may_know) {
    graph[room] = {row.values.begin(), row.values.end()};
  }
  for (const auto& [house, row] : rooms.never_reach) {
    bool found = false;
    for (const auto& [room, ignored] : rooms.may_know) {
      if (!lies_in(room, house)) {
        continue;
      }
      found = true;
      for (const auto& reached : reachable(graph, room)) {
        const bool forbidden = std::any_of(row.values.begin(), row.values.end(),
                                           [&](const std::string& far) { return lies_in(reached, far); });
        if (forbidden && !lies_in(reached, house)) {
          faults.push_back(place(rooms.page, row.line) + room + " must never reach " + reached + ", but its way is " +
                           joined(way(graph, room, reached), " -> "));
        }
      }
    }
    if (!found) {
      faults.push_back(place(rooms.page, row.line) + house + " is no room");
    }
    for (const auto& far : row.values) {
      if (std::none_of(rooms.may_know.begin(), rooms.may_know.end(),
                       [&](const auto& room) { return lies_in(room.first, far); })) {
        faults.push_back(place(rooms.page, row.line) + far + " is no room");
      }
    }
  }
  return faults;
}

Faults library_faults(const SourceTree& tree, const Rooms& rooms) {
  Faults faults;
  const Graph files = file_graph(tree);
  for (const auto& [library, row] : rooms.libraries) {
    std::set<std::string> needed;
    for (const auto& [file, where] : files_that_see(tree, files, library)) {
      const auto house = std::find_if(row.values.begin(), row.values.end(),
                                      [&](const std::string& name) { return lies_in(room_of(file), name); });
      if (house != row.values.end()) {
        needed.insert(*house);
      } else {
        faults.push_back(where + "sees <" + library + ">, which " + rooms.page + ":" + std::to_string(row.line) +
                         " does not allow in " + room_of(file));
      }
    }
    for (const auto& house : row.values) {
      if (needed.count(house) == 0) {
        faults.push_back(place(rooms.page, row.line) + "nothing in " + house + " sees <" + library + ">: take it out");
      }
    }
  }
  return faults;
}

Faults circles_of_units(const SourceTree& tree, const Rooms& rooms) {
  Graph graph;
  for (const auto& [file, includes] : tree) {
    for (const auto& include : includes) {
      if (!include.library && unit_of(include.target) != unit_of(file)) {
        graph[unit_of(file)].insert(unit_of(include.target));
      }
    }
  }
  Faults faults;
  const auto found = circles(graph);
  for (const auto& circle : found) {
    const bool stated = std::any_of(rooms.parts.begin(), rooms.parts.end(), [&](const auto& row) {
      std::set<std::string> names(row.second.values.begin(), row.second.values.end());
      names.insert(row.first);
      return names == circle;
    });
    if (!stated) {
      faults.push_back(*circle.begin() + ": these units know each other in a circle: " + joined(circle, ", "));
    }
  }
  for (const auto& [unit, row] : rooms.parts) {
    std::set<std::string> names(row.values.begin(), row.values.end());
    names.insert(unit);
    if (found.count(names) == 0) {
      faults.push_back(place(rooms.page, row.line) + joined(names, " and ") + " make no circle: take the row out");
    }
  }
  return faults;
}

Faults circles_of_rooms(const Rooms& rooms) {
  Graph graph;
  for (const auto& [room, row] : rooms.may_know) {
    for (const auto& permission : row.values) {
      graph[room].insert(room_named_by(permission));
    }
  }
  Faults faults;
  for (const auto& circle : circles(graph)) {
    faults.push_back(place(rooms.page, rooms.may_know.at(*circle.begin()).line) +
                     "these rooms know each other in a circle: " + joined(circle, ", "));
  }
  return faults;
}

Faults large_rooms(const SourceTree& tree, const Rooms& rooms) {
  std::map<std::string, std::set<std::string>> units;
  for (const auto& [file, ignored] : tree) {
    units[room_of(file)].insert(unit_of(file));
  }
  Faults faults;
  for (const auto& [room, names] : units) {
    const auto row = rooms.large.find(room);
    const std::size_t limit = row == rooms.large.end() ? largest_room : std::stoul(joined(row->second.values, ""));
    if (names.size() > limit) {
      faults.push_back(room + ": has " + std::to_string(names.size()) + " units, and " + std::to_string(limit) +
                       " are allowed: make inner rooms, or give the reason in " + rooms.page);
    }
  }
  for (const auto& [room, row] : rooms.large) {
    if (units.count(room) == 0 || units[room].size() <= largest_room) {
      faults.push_back(place(rooms.page, row.line) + room + " has at most " + std::to_string(largest_room) +
                       " units: take the row out");
    }
  }
  return faults;
}

}  // namespace lutra::test
