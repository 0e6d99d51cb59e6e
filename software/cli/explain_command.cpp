#include <fmt/format.h>

#include "software/cli/options.h"
#include "software/common/files.h"
#include "software/exploration/explain.h"
#include "software/exploration/result_json.h"

namespace lutra::cli {

int explain_command(const Arguments& arguments) {
  Options options(
      "explain <result.json> [options]",
      "Says where a result's cycles and energy went, what bounds each layer, why the array was not full, and what\n"
      "would help, computed from the result alone.",
      {"result"});
  options.flag("json", "print the same as JSON");
  if (!options.parse(arguments)) return exit_success;
  const std::string file = options.argument(0);
  if (file.empty()) throw UsageError("explain: name a result.json, as 'lutra run --output DIR' writes it");

  const exploration::Result result = exploration::from_json(read_text_file(file), file);
  const exploration::Explanation explanation = exploration::explain(result);
  fmt::print("{}", options.has("json") ? exploration::to_json(result, explanation)
                                       : exploration::to_text(result, explanation));
  return exit_success;
}

}  // namespace lutra::cli
