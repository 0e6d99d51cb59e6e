#pragma once

#include <string>

namespace lutra::result {

// The fields of result.json as a table in Markdown, a row each: path, what it says, and whether golden results and
// layers.csv hold it. software/result/README.md shows it.
std::string schema_markdown();

}  // namespace lutra::result
