#include <fmt/format.h>

#include "software/cli/command.h"
#include "software/common/files.h"
#include "software/common/printable.h"
#include "software/common/terminal/output.h"
#include "software/result/explain.h"
#include "software/result/result_json.h"

namespace lutra::cli {

CommandLine explain_options() {
  CommandLine options(
      "explain <result.json> [options]",
      "Says where a result's cycles and energy went, what bounds each layer, why the array was not full, and what\n"
      "would help, computed from the result alone.",
      {"result"});
  options.flag("json", "print the same as JSON");
  return options;
}

int explain_command(const CommandLine& options) {
  const std::string file = options.argument(0);
  if (file.empty()) throw UsageError("explain: name a result.json, as 'lutra run --output DIR' writes it");

  const result::Result result = result::from_json(read_text_file(file), file);
  const result::Explanation explanation = result::explain(result);
  terminal::print(options.has("json") ? result::to_json(result, explanation)
                                      : plain_lines(result::to_text(result, explanation)));
  return exit_success;
}

}  // namespace lutra::cli
