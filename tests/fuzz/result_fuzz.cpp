#include "software/result/explain.h"
#include "software/result/report.h"
#include "software/result/result_json.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    const lutra::result::Result result = lutra::result::from_json(input, "result.json");
    const lutra::result::Explanation explanation = lutra::result::explain(result);
    lutra::result::to_report(result);
    lutra::result::to_text(result, explanation);
    lutra::result::to_json(result, explanation);
  });
}
