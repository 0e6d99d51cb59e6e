#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "accelerators/engine/structure.h"
#include "software/common/yaml.h"
#include "software/costs/resources.h"
#include "software/costs/tables.h"

// The structure of the post-processor against what was synthesised: accelerators/engine/synth/README.md.

namespace lutra::costs {
namespace {

constexpr double post_tolerance_percent = 5;      // in the fabric, LUTs and flip-flops
constexpr double post_dsp_tolerance_percent = 8;  // LUTs beside DSP blocks
constexpr int post_count_limit = 1 << 30;

struct PostRow {
  std::string place;
  accelerators::EngineConfig config;
  double lut = 0;
  double ff = 0;
  long dsp = 0;
};

std::vector<PostRow> post_rows() {
  const std::string path = LUTRA_SOURCE_DIR "/accelerators/engine/costs/post_synthesis.yaml";
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const YamlDocument document = parse_yaml(text, path);
  std::vector<PostRow> rows;
  for (const YamlReader& item : YamlReader(document).mapping({"tool", "rows"}).at("rows").items()) {
    const YamlMapping keys = item.mapping(
        {"post", "post_lanes", "accumulator_bits", "device_family", "use_dsp", "lut", "ff", "carry", "dsp"});
    const auto count = [&](const char* key) { return static_cast<int>(keys.at(key).integer(0, post_count_limit)); };
    PostRow row;
    row.place = item.place();
    const std::string form = keys.at("post").text();
    if (form == "shift") row.config.post = accelerators::PostForm::shift;
    if (form == "thresholds") row.config.post = accelerators::PostForm::thresholds;
    row.config.post_lanes = count("post_lanes");
    row.config.accumulator_bits = count("accumulator_bits");
    row.config.use_dsp = keys.at("use_dsp").boolean();
    row.lut = count("lut");
    row.ff = count("ff");
    row.dsp = count("dsp");
    rows.push_back(row);
  }
  return rows;
}

FpgaResources post_formula(const accelerators::EngineConfig& config) {
  accelerators::Structure post;
  for (const auto& part : engine_structure(config, *accelerators::make_family(config)))
    if (part.component == "engine.post") post.push_back(part);
  for (Device device : carried_tables().devices) {
    if (device.family != "xilinx7") continue;
    device.dsp = device.dsp_usable = post_count_limit;
    return pack(post, {}, device);
  }
  throw std::runtime_error("no device of xilinx7");
}

double percent_apart(double formula, double measured) { return std::abs(formula / measured - 1) * 100; }

TEST(PostSynthesis, TheStructureIsWhatWasSynthesised) {
  const std::vector<PostRow> rows = post_rows();
  ASSERT_FALSE(rows.empty());
  for (const PostRow& row : rows) {
    const FpgaResources formula = post_formula(row.config);
    const bool in_dsp = row.dsp > 0;
    EXPECT_EQ(formula.dsp, row.dsp) << row.place;
    EXPECT_LE(percent_apart(static_cast<double>(formula.lut), row.lut),
              in_dsp ? post_dsp_tolerance_percent : post_tolerance_percent)
        << row.place << ": " << formula.lut << " LUT by formula, " << row.lut << " measured";
    EXPECT_LE(percent_apart(static_cast<double>(formula.lut), row.lut), formula.lut_uncertainty_percent) << row.place;
    if (in_dsp)
      EXPECT_GE(static_cast<double>(formula.ff), row.ff * (1 - post_tolerance_percent / 100)) << row.place;
    else
      EXPECT_LE(percent_apart(static_cast<double>(formula.ff), row.ff), post_tolerance_percent)
          << row.place << ": " << formula.ff << " flip-flops by formula, " << row.ff << " measured";
  }
}

TEST(PostSynthesis, AWrongFormulaIsFound) {
  const PostRow row = post_rows().front();
  accelerators::EngineConfig other = row.config;
  ++other.post_lanes;
  EXPECT_GT(percent_apart(static_cast<double>(post_formula(other).lut), row.lut), post_tolerance_percent);
}

}  // namespace
}  // namespace lutra::costs
