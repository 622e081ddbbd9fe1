#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"

/// What an HTTP call is made of, apart from how it is made.
namespace spotter::net {

struct Header {
    std::string name;
    std::string value;
};
using Headers = std::vector<Header>;

/// The value of the first header of that name, whatever its case.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

struct HttpRequest {
    std::string method = "POST";
    Url url;
    Headers headers;  ///< Host, Content-Length and Connection are the client's
    /// Written once there is a connection to send it over, so that calls which wait for one hold little; none
    /// is an empty body.
    std::function<std::string()> body;
    /// No call outlives it, whatever the time-outs say.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

struct HttpResponse {
    int status = 0;
    Headers headers;
    std::string body;
};

struct HttpError {
    enum class Kind {
        resolve,             ///< the name has no address
        connect,             ///< nobody listens, no route, or the proxy would not
        tls,                 ///< the handshake failed
        certificate,         ///< the handshake failed because the server is not who it should be
        timeout_connect,     ///< name, connection, proxy or handshake took too long
        timeout_first_byte,  ///< connected and asked, and no answer began
        timeout_idle,        ///< an answer began and stalled, or the request could not be sent
        deadline,            ///< the request's deadline, or the bound on a whole call
        closed_early,        ///< the connection ended before the answer did
        too_large,           ///< the answer passed `HttpSettings::max_response`
        protocol,            ///< what came is not HTTP, or what was to be sent would not be
        cancelled,
    };
    Kind kind = Kind::connect;
    std::string message;  ///< names the origin; holds no header, no body and no path
};

/// "timeout_idle": for logs and metrics.
std::string_view name(HttpError::Kind kind);

struct HttpTimeouts {
    std::chrono::milliseconds resolve{5'000};
    std::chrono::milliseconds connect{5'000};
    std::chrono::milliseconds tls{5'000};
    /// From the request's last byte. An answer that is not streamed begins when it is complete.
    std::chrono::milliseconds first_byte{60'000};
    std::chrono::milliseconds idle{60'000};  ///< between two reads; also for sending the request
    std::chrono::milliseconds total{300'000};
};

struct HttpSettings {
    HttpTimeouts timeouts;
    std::size_t max_response = 8u << 20;  ///< bytes of body
    std::size_t max_idle = 256;           ///< connections kept open between calls, over all origins
    std::chrono::milliseconds max_idle_age{30'000};
    std::string ca_file;  ///< PEM, trusted beside the system's authorities; empty for none
    ProxySettings proxy;
};

[[noreturn]] inline void throw_exception_from_error(const HttpError& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

}  // namespace spotter::net
