#include "software/exploration/zoo.h"

#include "software/embedded/embedded.h"

namespace lutra::exploration {

std::optional<std::string_view> find_in_zoo(const std::string& written) {
  return find_embedded("software/network/zoo/" + written);
}

}  // namespace lutra::exploration
