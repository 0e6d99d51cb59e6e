#include <fmt/format.h>

#include "software/cli/shared_options.h"
#include "software/common/files.h"
#include "software/common/terminal/output.h"
#include "software/exploration/point/price.h"
#include "software/result/report.h"
#include "software/result/result_json.h"

namespace lutra::cli {

CommandLine price_options() {
  CommandLine options("price <result.json> [options]",
                      "Prices what a result counted again, with other cost tables, on another device or node, and "
                      "prints it. Nothing is\n"
                      "simulated: cycles and accuracy stay as they are.",
                      {"result"});
  add_costs_option(options);
  options.value("fpga", "DEVICE", "the device, instead of the result's; none: no resources");
  options.value("asic", "NODE", "the node, instead of the result's; none: neither energy nor area");
  options.value("output", "FILE", "write the result there, as JSON");
  options.flag("quiet", "print errors only");
  return options;
}

int price_command(const CommandLine& options) {
  const std::string file = options.argument(0);
  if (file.empty()) throw UsageError("price: name a result.json, as 'lutra run --output DIR' writes it");

  result::Result result = result::from_json(read_text_file(file), file);
  const costs::Tables tables = chosen_tables(options);
  const auto choose = [&](const char* option, std::string& target) {
    if (const auto name = options.text(option)) target = *name == "none" ? "" : *name;
  };
  choose("fpga", result.implementations.fpga);
  choose("asic", result.implementations.asic);
  exploration::price(result, tables);
  if (const auto output = options.path("output")) write_file(*output, result::to_json(result));
  if (!options.has("quiet")) terminal::print(plain_lines(result::to_report(result)));
  return exit_success;
}

}  // namespace lutra::cli
