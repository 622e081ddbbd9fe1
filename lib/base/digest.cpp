#include "base/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace spotter {

std::string sha256(std::string_view text) {
    std::array<unsigned char, 32> digest;
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("the cryptographic library failed");
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace spotter
