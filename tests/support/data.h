#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace lutra::test {

// The folder of real data (LUTRA_DATA, or ../shared/data beside the checkout); empty where there is none.
inline std::optional<std::filesystem::path> data_folder() {
  const char* named = std::getenv("LUTRA_DATA");
  const std::filesystem::path folder = named ? named : std::filesystem::path(LUTRA_SOURCE_DIR) / "../shared/data";
  if (std::filesystem::is_directory(folder)) return std::filesystem::canonical(folder);
  return std::nullopt;
}

}  // namespace lutra::test

// Skips the test, visibly, where real data is absent; else names the folder.
#define LUTRA_DATA_OR_SKIP(variable)                                                        \
  const auto variable##_found = lutra::test::data_folder();                                 \
  if (!variable##_found) GTEST_SKIP() << "no real data: set LUTRA_DATA or see shared/data"; \
  const std::filesystem::path variable = *variable##_found
