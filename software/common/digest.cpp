#include "software/common/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "software/common/error.h"

namespace lutra {

namespace {

std::string sha256(const void* data, std::size_t bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(data, bytes, digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw Error("the cryptographic library refuses SHA-256");
  std::string text;
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace

std::string sha256(std::span<const std::uint8_t> bytes) { return sha256(bytes.data(), bytes.size()); }

std::string sha256(std::string_view text) { return sha256(text.data(), text.size()); }

}  // namespace lutra
