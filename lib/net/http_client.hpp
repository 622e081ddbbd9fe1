#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "net/http.hpp"

namespace spotter::net {

/// HTTP/1.1 over TCP and TLS, any number of calls at once, all on the thread of one io_context.
///
/// A call goes over a connection kept from an earlier one if there is one. Should that turn out to have been
/// closed before a byte of answer came, the call is made once more on a fresh connection. Redirects are not
/// followed: a 3xx is an answer like any other. Nothing else is retried.
class HttpClient {
  public:
    /// Throws std::runtime_error when `settings.ca_file` cannot be read.
    HttpClient(boost::asio::any_io_executor executor, HttpSettings settings);
    ~HttpClient();

    /// One call. Any status is an answer; an error means that there was none. Cancellation closes the call's
    /// connection and gives kind `cancelled`. The client outlives its calls.
    boost::asio::awaitable<Result<HttpResponse, HttpError>> send(HttpRequest request);

    /// Closes what is kept open, and keeps nothing more, so that the io_context can run out of work.
    void close();

    /// Connections kept open now.
    std::size_t idle() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace spotter::net
