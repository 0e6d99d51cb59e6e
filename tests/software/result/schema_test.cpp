#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/files.h"
#include "software/result/result_schema.h"

namespace lutra::result {

namespace {

using ::testing::HasSubstr;

TEST(ResultSchema, IsTheTableOfTheFoldersPage) {
  const std::string page = read_text_file(std::filesystem::path(LUTRA_SOURCE_DIR) / "software/result/README.md");
  EXPECT_THAT(page, HasSubstr(schema_markdown())) << "put this table into software/result/README.md:\n"
                                                  << schema_markdown();
}

TEST(ResultSchema, NamesFieldsWithinPartsAndLists) {
  const std::string schema = schema_markdown();
  EXPECT_THAT(schema, HasSubstr("| `cycles.by_layer[].causes.load` |"));
  EXPECT_THAT(schema, HasSubstr("| `energy_uj.sources[].table` |"));
  EXPECT_THAT(schema, HasSubstr("| `configuration.network.macs` |"));
}

}  // namespace

}  // namespace lutra::result
