#include "daemon/cli.hpp"

int main(int argc, char** argv) {
    return spotter::cli::run(argc, argv);
}
