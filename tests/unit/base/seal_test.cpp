#include "base/seal.hpp"

#include <doctest/doctest.h>

namespace seal_test {

using spotter::seal;
using spotter::sealing_key;
using spotter::unseal;

namespace {

const spotter::Secret key =
    *sealing_key("00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF\n");
const spotter::Secret other = *sealing_key(std::string(64, '7'));

}  // namespace

TEST_CASE("what is sealed is had back by the key, whatever it holds and however long it is") {
    for (const std::string& text : {std::string(), std::string("how many orders?"), std::string(100000, 'x'),
                                    std::string("\0\n\xff", 3)}) {
        std::string sealed = seal(key, text);
        CHECK(sealed.find("orders") == std::string::npos);
        CHECK(unseal(key, sealed).value() == text);
    }
}

TEST_CASE("the same text is sealed differently each time") {
    CHECK(seal(key, "the same") != seal(key, "the same"));
}

TEST_CASE(
    "another key, a changed text, a part of it and what was never sealed are told apart from what is whole") {
    std::string sealed = seal(key, "a question");
    CHECK(unseal(other, sealed).error().code == "wrong_key");
    std::string changed = sealed;
    char& letter = changed[12];
    letter = letter == 'A' ? 'B' : 'A';
    CHECK(unseal(key, changed).error().code == "wrong_key");
    CHECK(unseal(key, sealed.substr(0, 20)).error().code == "not_sealed");
    for (const char* text : {"", "a question", "sealed:1:", "sealed:1:!!!!", "sealed:1:===="})
        CHECK(unseal(key, text).error().code == "not_sealed");
}

TEST_CASE("a key is 64 hexadecimal digits and nothing else") {
    for (const std::string& text :
         {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'),
          std::string(32, 'a') + " " + std::string(31, 'a')}) {
        CAPTURE(text);
        CHECK(sealing_key(text).error().code == "bad_key");
    }
    CHECK(sealing_key("  " + std::string(64, 'a') + "\r\n").has_value());
}

}  // namespace seal_test
