#include "software/network/zoo/zoo.h"

#include "software/common/embedded.h"

namespace lutra::network {

std::optional<std::string_view> find_in_zoo(const std::string& written) {
  const std::string path = "software/network/zoo/" + written;
  const auto plain = find_embedded(path);
  return plain ? plain : find_embedded(path + ".gz");
}

}  // namespace lutra::network
