#pragma once

#include <string>

namespace spotter::test {

/// Two hosts as network namespaces, each with two links: one to where a database listens, one to where a
/// model does. Both of these addresses are of this machine. Gone at the end.
class TwoHosts {
  public:
    /// Why this machine cannot have them; empty when it can. It takes root and iproute2.
    static std::string obstacle();

    TwoHosts();
    TwoHosts(const TwoHosts&) = delete;
    ~TwoHosts();

    enum class Host { a, b };
    /// The network namespace, as `ip netns` has it.
    std::string name(Host host) const;
    std::string database_address() const;
    std::string model_address() const;
    /// All addresses that the hosts reach the database from, as pg_hba.conf has them.
    std::string database_network() const;

    /// The host's link to the database is down. Nobody is told, and nothing is sent back.
    void cut_off(Host host);
    void rejoin(Host host);

  private:
    void remove() const;
    std::string tag_;  ///< this process'
    int subnet_;
};

}  // namespace spotter::test
