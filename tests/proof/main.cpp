#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "proof/soak.hpp"

/// The tests; or, as `spotter_proof soak …`, the long run.
int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "soak") return spotter::proof::soak({argv + 2, argv + argc});
    return doctest::Context(argc, argv).run();
}
