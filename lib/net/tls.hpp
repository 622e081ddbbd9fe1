#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

namespace spotter::net {

/// A client's context: TLS 1.2 or newer, the server's chain verified against the system's authorities
/// (SSL_CERT_FILE and SSL_CERT_DIR are OpenSSL's own) and those in `ca_file`, if one is given.
/// Throws std::runtime_error with the file's name when it cannot be read.
boost::asio::ssl::context tls_client_context(const std::string& ca_file);

/// Before a handshake: who is asked for (SNI) and whose certificate is accepted (a host name or an address).
void expect_host(SSL* connection, const std::string& host);

/// After a failed handshake: what was wrong with the certificate, or empty when it was not the certificate.
std::string certificate_problem(SSL* connection);

}  // namespace spotter::net
