#include "software/common/process/temporary_folder.h"

#include <fmt/format.h>
#include <stdlib.h>

#include "software/common/error.h"

namespace lutra {

TemporaryFolder::TemporaryFolder(const std::filesystem::path& parent, const std::string& name) {
  std::string written = (parent / (name + "_" + std::string(6, 'X'))).string();  // mkdtemp replaces the last six
  if (::mkdtemp(written.data()) == nullptr)
    throw Error(fmt::format("{}: no folder can be made there", parent.string()));
  path_ = written;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace lutra
