#include "db/listener.hpp"

#include <fmt/format.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <random>
#include <vector>

#include "async/backoff.hpp"
#include "async/timeout.hpp"
#include "base/log.hpp"

namespace spotter::db {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr const char* channel = "spotter";
constexpr std::string_view echo_prefix = "echo ";

const Statement check{"listener_check", R"sql(
select pg_backend_pid(), exists (select from pg_listening_channels() c where c = $1))sql"};
const Statement notify{"listener_echo", "select pg_notify($1, $2)"};

/// A session that has heard nothing for so long is asked whether it still listens.
constexpr auto check_every = 4s;
/// Our own voice takes no longer.
constexpr auto echo_within = 5s;
/// Without a connection for so long we work on without one.
constexpr auto polling_only_after = 10s;
/// Where nothing can be heard we try again so often: poolers are configured anew.
constexpr auto try_again_after = 60s;

/// Waits until the socket has something to read (true) or `when` has come. The descriptor stays libpq's.
asio::awaitable<bool> readable(int socket, Clock::time_point when) {
    // Shared with the timer, whose handler may already be on its way when the wait is over.
    auto descriptor =
        std::make_shared<asio::posix::stream_descriptor>(co_await asio::this_coro::executor, socket);
    asio::steady_timer timer(descriptor->get_executor(), when);
    timer.async_wait([descriptor](boost::system::error_code ec) {
        if (!ec) descriptor->cancel(ec);
    });
    boost::system::error_code ended;
    co_await descriptor->async_wait(asio::posix::stream_descriptor::wait_read,
                                    asio::redirect_error(asio::use_awaitable, ended));
    descriptor->release();
    co_return !ended;
}

std::string new_echo() {
    static std::mt19937_64 random(std::random_device{}());
    return fmt::format("{}{:016x}", echo_prefix, random());
}

}  // namespace

struct Listener::Connected {
    int socket = -1;
    int backend = 0;  ///< the server's process that listens
    std::string address;
};

/// Why a session was given up.
struct Listener::Loss {
    enum class Kind {
        broken,   ///< the connection
        deaf,     ///< it stood, and listened no more
        useless,  ///< no connection to this address will hear
    };
    Kind kind = Kind::broken;
    std::string why;
};

Listener::Listener(Endpoint endpoint, Endpoint others, Heard heard)
    : connection_(std::move(endpoint), 1), others_(std::move(others)), heard_(std::move(heard)) {}

asio::awaitable<void> Listener::run() {
    async::Backoff backoff(200ms, 5s);
    for (;;) {
        Loss loss = co_await listen();
        if (listening_) backoff.reset();
        lost(loss);
        co_await async::sleep_for(loss.kind == Loss::Kind::useless ? try_again_after : backoff.next());
    }
}

/// One session, from its beginning to its loss.
asio::awaitable<Listener::Loss> Listener::listen() {
    auto connected = co_await connect();
    if (!connected) co_return Loss{Loss::Kind::broken, connected.error().message};
    heard_("");
    auto echo = co_await speak();
    if (!echo) co_return Loss{Loss::Kind::broken, echo.error().message};
    // Where we cannot speak there is nothing to be heard, which tells nothing of our ears.
    if (echo->empty()) proven(connected->address);
    Connected session = *connected;
    std::string awaited = *echo;
    co_return co_await hear(std::move(session), std::move(awaited));
}

asio::awaitable<Outcome<Listener::Connected>> Listener::connect() {
    auto work = [](Session& session) {
        session.listen(channel);
        int backend = session.run(check, channel).front()[0].as<int>();
        return Connected{session.connection().sock(), backend, session.address()};
    };
    co_return co_await connection_.run(work);
}

/// Notifies over another connection, which then ends. Gives what is to be heard, empty when that cannot be.
asio::awaitable<Outcome<std::string>> Listener::speak() {
    auto work = [this](Session&) -> std::string {
        std::string echo = new_echo();
        try {
            Session(others_).run(notify, channel, echo);
        } catch (const std::exception&) {
            return "";
        }
        return echo;
    };
    co_return co_await connection_.run(work);
}

/// Until the session is lost: work that throws takes it away.
asio::awaitable<Listener::Loss> Listener::hear(Connected connected, std::string echo) {
    const auto echo_due = Clock::now() + echo_within;
    auto kind = Loss::Kind::broken;
    auto give_up = [&kind](Loss::Kind why, const char* message) {
        kind = why;
        throw pqxx::broken_connection(message);
    };
    auto work = [&](Session& session) {
        auto payloads = session.heard();
        if (!payloads.empty()) return payloads;
        auto state = session.run(check, channel).front();
        if (state[0].as<int>() != connected.backend)
            give_up(Loss::Kind::useless, "the session's server process is another one than before");
        if (!state[1].as<bool>()) give_up(Loss::Kind::deaf, "somebody has ended the session's LISTEN");
        // What came along with the answer: the socket will not tell of it again.
        payloads = session.heard();
        if (!listening_ && payloads.empty() && Clock::now() >= echo_due)
            give_up(Loss::Kind::useless, "what is notified over database.url does not arrive");
        return payloads;
    };
    for (;;) {
        const auto check_due = Clock::now() + check_every;
        const bool came =
            co_await readable(connected.socket, listening_ ? check_due : std::min(check_due, echo_due));
        // What has come is read at once, since a row waits for it; when it is no notification it is looked
        // into.
        Outcome<std::vector<std::string>> payloads = std::vector<std::string>();
        if (came) payloads = connection_.run_here([](Session& session) { return session.heard(); });
        if (payloads && payloads->empty()) payloads = co_await connection_.run(std::ref(work));
        if (!payloads) co_return Loss{kind, payloads.error().message};
        if (hand_on(*payloads, echo)) proven(connected.address);
    }
}

bool Listener::hand_on(const std::vector<std::string>& payloads, const std::string& echo) {
    bool found = false;
    for (const std::string& payload : payloads) {
        if (payload == echo && !echo.empty()) found = true;
        // Other daemons' listeners speak to themselves as well.
        if (!payload.starts_with(echo_prefix)) heard_(payload);
    }
    return found;
}

void Listener::proven(const std::string& address) {
    listening_ = true;
    polling_only_ = false;
    problem_.clear();
    log::info("listening", {{"server", address}});
}

/// Says what happened, once.
void Listener::lost(const Loss& loss) {
    const bool news = listening_ || loss.why != problem_;
    if (listening_) deaf_since_ = Clock::now();
    listening_ = false;
    problem_ = loss.why;
    if (news && loss.kind == Loss::Kind::broken) log::warn("listener_lost", {{"error", loss.why}});
    if (news && loss.kind == Loss::Kind::deaf)
        log::warn("listener_deaf",
                  {{"why", loss.why},
                   {"do",
                    "it connects again; should this come back, a pooler resets sessions: let "
                    "database.direct_url name the database's own address"}});

    const bool useless = loss.kind == Loss::Kind::useless;
    if (!useless && Clock::now() - deaf_since_ < polling_only_after) return;
    if (!polling_only_ || (news && useless))
        log::warn(
            "polling_only",
            {{"why", loss.why},
             {"do", useless ? "a transaction pooler stands between, or database.direct_url is another "
                              "database's: let it name this database's own address"
                            : "let database.direct_url, or else database.url, be reachable from here; it "
                              "is tried again every few seconds"}});
    polling_only_ = true;
}

}  // namespace spotter::db
