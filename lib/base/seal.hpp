#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/secret.hpp"

/// Text that only those read who have the key. AES-256-GCM (NIST SP 800-38D) with a random nonce: the same text looks
/// different each time, and a changed one is refused.
namespace spotter {

/// A key as people keep it: 64 hexadecimal digits, as `openssl rand -hex 32` writes them; space around them is nothing.
/// Error code "bad_key".
Result<Secret> sealing_key(std::string_view text);

/// "sealed:1:" and base64 of nonce, ciphertext and tag. `key` is from sealing_key().
std::string seal(const Secret& key, std::string_view text);

/// Error code "not_sealed" where `sealed` was not made by seal(), "wrong_key" where it was not by this key.
Result<std::string> unseal(const Secret& key, std::string_view sealed);

}  // namespace spotter
