#include <gtest/gtest.h>

#include "software/common/files.h"
#include "tests/support/synthesised.h"
#include "tests/validation/array_energy.h"
#include "tests/validation/elements.h"
#include "tests/validation/report.h"

namespace lutra::validation {
namespace {

TEST(Validation, ThePageHoldsWhatTheModelsSay) {
  const std::string page = read_text_file(LUTRA_SOURCE_DIR "/tests/validation/README.md");
  const std::string sections = markdown(all_sections());
  EXPECT_NE(page.find(sections), std::string::npos)
      << "put this behind the introduction of tests/validation/README.md:\n"
      << sections;
}

TEST(Validation, ADifferenceInAFigureIsADifferenceOfThePage) {
  Errors errors;
  errors.add(104, 100);
  errors.add(90, 100);
  EXPECT_EQ(errors.range_text(), "-10.0 % .. +4.0 %");
  EXPECT_EQ(errors.mean_text(), "-3.0 %");
  EXPECT_EQ(errors.grade(), "good");
  errors.add(131, 100);
  EXPECT_EQ(errors.grade(), "bad");
}

TEST(Validation, EnergiesPrintNoLessThanTheErrorOnLayers) {
  ASSERT_FALSE(layer_errors().empty());
  for (const auto& [family, errors] : layer_errors()) {
    ASSERT_GT(errors.layers.points(), 0U) << family;
    EXPECT_LE(errors.layers.worst(), errors.printed) << family;
  }
}

TEST(Validation, LutsPrintNoLessThanTheErrorOnHeldOutPoints) {
  int points = 0;
  for (const auto& [kind, errors] : element_errors(test::held_out_tables())) {
    points += static_cast<int>(errors.lut.points());
    EXPECT_EQ(errors.beyond_printed, 0) << kind.first << " on " << kind.second;
  }
  EXPECT_GT(points, 0);
}

}  // namespace
}  // namespace lutra::validation
