#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "db/private_postgres.hpp"
#include "proof/answering_model.hpp"
#include "proof/checker.hpp"
#include "proof/daemon_process.hpp"
#include "proof/small_disk.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temporary_folder.hpp"

namespace spotter::proof {

struct StageOptions {
    unsigned seed = 0;
    int daemons = 3;
    int disk_megabytes = 320;
    std::filesystem::path logs;  ///< a folder for what daemons say
};

/// The key that daemons present to the model, and that must never show.
inline constexpr const char* model_key = "sk-proof-0123456789abcdefSECRET";

/// The first daemon's login: a member of spotter_worker, and no more. The others are superusers.
inline constexpr const char* plain_role = "proof_worker";

/// A Postgres of its own, several daemons that each reach it through a proxy, and a model. Of one thread, the
/// main one, but for what says otherwise.
class Stage {
  public:
    explicit Stage(const StageOptions& options);
    Stage(const Stage&) = delete;
    ~Stage();

    /// Where an app connects: by no spoilt proxy, the same for ever. Any thread.
    std::string dsn() const { return dsn_; }

    std::vector<std::unique_ptr<DaemonProcess>>& daemons() { return daemons_; }
    test::TcpProxy& proxy(std::size_t daemon) { return *proxies_[daemon]; }
    AnsweringModel& model() { return *model_; }
    SmallDisk& disk() { return disk_; }
    const Terms& terms() const { return terms_; }

    void stop_database();
    void crash_database();
    void start_database();
    /// Starts it again where it did not survive.
    void mend_database();
    /// Starts daemons that have ended.
    void mend_daemons();

    /// The last daemon's clock is ahead of the world's by so many seconds from now on, or behind.
    void skew_clock(std::int64_t seconds);
    /// Sessions that a daemon opens from its next start on begin their transactions so. Restarts it.
    void isolate(std::size_t daemon, const std::string& level);

  private:
    test::Environment environment(std::size_t daemon) const;
    std::string daemon_dsn(std::size_t daemon, const std::string& level) const;

    test::TemporaryFolder folder_;
    StageOptions options_;
    std::filesystem::path clock_;
    SmallDisk disk_;
    std::optional<db::PrivatePostgres> server_;
    std::unique_ptr<test::TcpProxy> apps_;
    std::string dsn_;
    Terms terms_;
    std::unique_ptr<AnsweringModel> model_;
    std::vector<std::unique_ptr<test::TcpProxy>> proxies_;
    std::vector<std::unique_ptr<DaemonProcess>> daemons_;
};

}  // namespace spotter::proof
