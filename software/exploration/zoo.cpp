#include "software/exploration/zoo.h"

#include "software/embedded/embedded.h"

namespace lutra::exploration {

std::optional<std::string_view> find_in_zoo(const std::string& written) {
  const std::string path = "software/network/zoo/" + written;
  const auto plain = find_embedded(path);
  return plain ? plain : find_embedded(path + ".gz");
}

}  // namespace lutra::exploration
