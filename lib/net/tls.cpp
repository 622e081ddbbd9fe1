#include "net/tls.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <stdexcept>

namespace spotter::net {

namespace asio = boost::asio;

asio::ssl::context tls_client_context(const std::string& ca_file) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    // An idle connection then keeps no record buffers.
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    context.set_verify_mode(asio::ssl::verify_peer);

    boost::system::error_code ec;
    context.set_default_verify_paths(ec);
    if (ca_file.empty()) return context;
    context.load_verify_file(ca_file, ec);
    if (ec)
        throw std::runtime_error(fmt::format(
            "the CA file {} cannot be used ({}); it must hold certificates in PEM", ca_file, ec.message()));
    return context;
}

void expect_host(SSL* connection, const std::string& host) {
    boost::system::error_code no_address;
    asio::ip::make_address(host, no_address);
    X509_VERIFY_PARAM* expected = SSL_get0_param(connection);
    if (!no_address) {
        X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str());
        return;  // SNI holds names only
    }
    SSL_set_tlsext_host_name(connection, host.c_str());
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size());
}

std::string certificate_problem(SSL* connection) {
    const long verdict = SSL_get_verify_result(connection);
    return verdict == X509_V_OK ? "" : X509_verify_cert_error_string(verdict);
}

}  // namespace spotter::net
