#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "net/http.hpp"

namespace spotter::net {

/// HTTP/1.1 over TCP and TLS, any number of calls at once, all on the thread of one io_context.
///
/// A call goes over a connection kept from an earlier one if there is one that is still open. Nothing is sent
/// twice, not even when a kept connection ends before a byte of answer came: the server may have taken the
/// call all the same, and charge for it. Redirects are not followed: a 3xx is an answer like any other.
class HttpClient {
  public:
    /// Throws std::runtime_error when `settings.ca_file` cannot be read.
    HttpClient(boost::asio::any_io_executor executor, HttpSettings settings);
    ~HttpClient();

    /// One call. Any status is an answer; an error means that there was none. Cancellation closes the call's
    /// connection and gives kind `cancelled`. The client and `request` outlive the call.
    boost::asio::awaitable<Result<HttpResponse, HttpError>> send(const HttpRequest& request);

    /// Closes what is kept open, and keeps nothing more, so that the io_context can run out of work.
    void close();

    /// Connections kept open now.
    std::size_t idle() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace spotter::net
