#pragma once

#include <optional>
#include <string>

#include "db/private_postgres.hpp"
#include "support/temporary_folder.hpp"

namespace spotter::test {

/// A Postgres and its hot standby, on loopback ports of their own, with synchronous replication: what the
/// primary has committed the standby has written down.
class Replicas {
  public:
    Replicas();

    std::string primary() const { return primary_->tcp_dsn().reveal(); }
    std::string standby() const { return standby_->tcp_dsn().reveal(); }
    /// Both hosts in one address, as an operator writes it.
    std::string both() const;
    /// "host:port" as logs have it.
    static std::string address(const std::string& dsn);

    /// As when the machine dies: no session ends in order, nothing more is written.
    void crash_primary();
    /// The standby becomes the primary; returns when it can be written to.
    void promote_standby();

  private:
    void copy_primary();
    void replicate_synchronously();

    TemporaryFolder folder_;
    std::optional<db::PrivatePostgres> primary_, standby_;
};

}  // namespace spotter::test
