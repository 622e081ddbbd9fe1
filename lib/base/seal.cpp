#include "base/seal.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cctype>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <vector>

namespace spotter {
namespace {

constexpr std::string_view mark = "sealed:1:";
constexpr int nonce_bytes = 12;
constexpr int tag_bytes = 16;
constexpr std::size_t key_bytes = 32;

using Bytes = std::vector<unsigned char>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void must(int done) {
    if (done != 1) throw std::runtime_error("the cryptographic library failed");
}

std::string base64(const Bytes& data) {
    std::string text((data.size() + 2) / 3 * 4 + 1, '\0');
    int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data.data(), static_cast<int>(data.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

/// Empty where `text` is no base64.
Bytes from_base64(std::string_view text) {
    Bytes data(text.size() / 4 * 3);
    if (text.empty() || text.size() % 4 != 0) return {};
    if (EVP_DecodeBlock(data.data(), bytes(text), static_cast<int>(text.size())) < 0) return {};
    for (std::size_t i = text.size(); text[i - 1] == '='; --i) data.pop_back();
    return data;
}

}  // namespace

Result<Secret> sealing_key(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    std::string key;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        unsigned byte = 0;
        auto [end, problem] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
        if (problem != std::errc() || end != text.data() + i + 2) break;
        key += static_cast<char>(byte);
    }
    if (key.size() != key_bytes || text.size() != 2 * key_bytes)
        return Error{"bad_key", "is to hold 64 hexadecimal digits; write it by: openssl rand -hex 32"};
    return Secret(std::move(key));
}

std::string seal(const Secret& key, std::string_view text) {
    Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    Bytes out(nonce_bytes + text.size() + tag_bytes);
    must(RAND_bytes(out.data(), nonce_bytes));
    int length = 0;
    must(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key.reveal()), out.data()));
    must(EVP_EncryptUpdate(cipher.get(), out.data() + nonce_bytes, &length, bytes(text), static_cast<int>(text.size())));
    unsigned char* tag = out.data() + nonce_bytes + length;
    must(EVP_EncryptFinal_ex(cipher.get(), tag, &length));
    must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag));
    return std::string(mark) + base64(out);
}

Result<std::string> unseal(const Secret& key, std::string_view sealed) {
    if (!sealed.starts_with(mark)) return Error{"not_sealed", "this is no sealed text"};
    Bytes in = from_base64(sealed.substr(mark.size()));
    if (in.size() < nonce_bytes + tag_bytes) return Error{"not_sealed", "this is no sealed text, or not all of it"};
    Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    std::string text(in.size() - nonce_bytes - tag_bytes, '\0');
    unsigned char* out = reinterpret_cast<unsigned char*>(text.data());
    unsigned char rest[16];
    int length = 0;
    must(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key.reveal()), in.data()));
    must(EVP_DecryptUpdate(cipher.get(), out, &length, in.data() + nonce_bytes, static_cast<int>(text.size())));
    must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, in.data() + in.size() - tag_bytes));
    if (EVP_DecryptFinal_ex(cipher.get(), rest, &length) != 1)
        return Error{"wrong_key", "this was sealed by another key, or changed since"};
    return text;
}

}  // namespace spotter
