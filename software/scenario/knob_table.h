#pragma once

#include <string>
#include <vector>

namespace lutra::scenario {

// The keys of `engine`, `memory`, `soc`, `run` and `network.dataset` as tables in Markdown, a row each: key, what it
// accepts with its default, meaning. scenarios/README.md shows them, and 'lutra keys' prints them.
std::string engine_key_table();
std::string memory_key_table();
std::string soc_key_table();
std::string run_key_table();
std::string dataset_key_table();

// The same keys as a scenario's override names them: "engine.rows".
std::vector<std::string> hardware_keys();

}  // namespace lutra::scenario
