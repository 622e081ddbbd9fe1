#pragma once

#include <string>
#include <vector>

namespace spotter::test {

/// A key and the certificate that it signed for itself, made when asked for. PEM.
struct TestCertificate {
    std::string certificate;
    std::string key;
};

/// For these hosts, names and addresses alike. `days` may be negative: then it has expired.
TestCertificate self_signed(const std::vector<std::string>& hosts, int days = 1);

}  // namespace spotter::test
