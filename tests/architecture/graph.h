#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace lutra::test {

// Arrows between names.
using Graph = std::map<std::string, std::set<std::string>>;

// What can be reached from `start` over one arrow or more.
std::set<std::string> reachable(const Graph& graph, const std::string& start);

// The shortest way over arrows, both ends included; empty where there is none.
std::vector<std::string> way(const Graph& graph, const std::string& from, const std::string& to);

// The groups of two or more names that all reach each other, each sorted.
std::set<std::set<std::string>> circles(const Graph& graph);

}  // namespace lutra::test
