#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "support/behaviour.hpp"

namespace spotter::test {

/// A request as the server read it.
struct ReceivedRequest {
    std::string method;
    std::string target;
    net::Headers headers;
    std::string body;
};

struct ScriptedModelOptions {
    bool tls = false;
    bool proxy = false;  ///< a CONNECT is accepted, and what follows is TLS with the server itself
    std::vector<std::string> hosts = {"localhost", "127.0.0.1"};  ///< in the certificate
    int certificate_days = 1;                                     ///< negative: it has expired
    /// Bytes of body; a longer request is refused with a 413 before it is read, and the connection closed.
    std::uint64_t largest_request = 64u << 20;
    std::string address = "127.0.0.1";   ///< of this machine, to listen at
    std::size_t kept_requests = 10'000;  ///< later ones are counted, not kept
};

/// A real HTTP server on a free port and a thread of its own, that does as it is told and counts. Takes
/// thousands of open calls. All members may be called from any thread; waiting members throw
/// std::runtime_error, which fails a test, when nothing has come for half a minute.
class ScriptedModel {
  public:
    using Handler = std::function<Behaviour(const ReceivedRequest&)>;

    explicit ScriptedModel(ScriptedModelOptions options = {});
    ScriptedModel(const ScriptedModel&) = delete;
    ~ScriptedModel();

    /// Queued: each is used for one request, in order of arrival, before the standing answer.
    void then(Behaviour behaviour, int times = 1);
    /// The standing answer; at first an empty object as a completion. A handler runs on the server's thread.
    void always(Behaviour behaviour);
    void always(Handler handler);
    /// Lets go of all answers that are held now.
    void release();
    /// From now on connections are closed as soon as they are made.
    void close_at_accept(bool closing = true);

    std::uint16_t port() const;
    std::string url() const;      ///< "http://127.0.0.1:1234/v1", "https://localhost:1234/v1"
    std::string origin() const;   ///< the same without "/v1"
    std::string ca_file() const;  ///< where the certificate lies; to be trusted by a client

    int requests() const;     ///< read in full, answered or not
    int connections() const;  ///< ever accepted
    int open() const;         ///< requests that wait for their answer now
    int most_open() const;    ///< the most of them at any one time
    ReceivedRequest request(std::size_t index) const;
    std::vector<ReceivedRequest> all_requests() const;

    void wait_for_requests(int count) const;
    void wait_for_open(int count) const;  ///< until exactly so many wait

  private:
    struct Server;
    std::unique_ptr<Server> server_;
};

}  // namespace spotter::test
