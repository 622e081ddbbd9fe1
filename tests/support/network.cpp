#include "support/network.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "base/child_process.hpp"

namespace spotter::test {
namespace {

constexpr const char* program = "/usr/sbin/ip";

bool run(std::vector<std::string> arguments) {
    Command command;
    arguments.insert(arguments.begin(), program);
    command.arguments = std::move(arguments);
    command.signal_on_parent_death = SIGKILL;
    auto ip = ChildProcess::start(command);
    return ip && ip->wait(std::chrono::seconds(20)) == 0;
}

void ip(const std::string& line) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < line.size();) {
        auto end = std::min(line.find(' ', at), line.size());
        words.push_back(line.substr(at, end - at));
        at = end + 1;
    }
    if (!run(words)) throw std::runtime_error("this does not work: ip " + line);
}

/// What runs that were killed have left behind: the names hold their process ids.
void remove_left_namespaces() {
    namespace fs = std::filesystem;
    std::error_code ignored;
    for (auto [folder, kind] : {std::pair{"/sys/class/net", "link"}, {"/run/netns", "netns"}})
        for (const auto& entry : fs::directory_iterator(folder, ignored)) {
            std::string name = entry.path().filename().string();
            int pid = name.starts_with("sp") ? atoi(name.c_str() + 2) : 0;
            if (pid > 0 && !fs::exists(fmt::format("/proc/{}", pid))) run({kind, "delete", name});
        }
}

char letter(TwoHosts::Host host) {
    return host == TwoHosts::Host::a ? 'a' : 'b';
}

}  // namespace

std::string TwoHosts::obstacle() {
    if (access(program, X_OK) != 0) return "there is no /usr/sbin/ip (Debian's package iproute2)";
    if (geteuid() != 0) return "only root may make network namespaces";
    std::string name = fmt::format("spt{}", getpid());
    bool able = run({"netns", "add", name}) &&
                run({"link", "add", name, "type", "veth", "peer", "name", "other", "netns", name});
    run({"netns", "delete", name});
    run({"link", "delete", name});
    return able ? "" : "this machine does not let us make network namespaces and links";
}

TwoHosts::TwoHosts() : tag_(fmt::format("sp{}", getpid())), subnet_(getpid() % 120 * 2) {
    remove_left_namespaces();
    try {
        for (auto [kind, address] : {std::pair{'d', database_address()}, {'m', model_address()}}) {
            ip(fmt::format("link add {}{} type bridge", tag_, kind));
            ip(fmt::format("address add {}/24 dev {}{}", address, tag_, kind));
            ip(fmt::format("link set {}{} up", tag_, kind));
        }
        for (Host host : {Host::a, Host::b}) {
            ip(fmt::format("netns add {}", name(host)));
            ip(fmt::format("-n {} link set lo up", name(host)));
            for (char kind : {'d', 'm'}) {
                std::string link = fmt::format("{}{}{}", tag_, letter(host), kind);
                std::string inside = kind == 'd' ? "database" : "model";
                int network = subnet_ + (kind == 'm');
                ip(fmt::format("link add {} type veth peer name {} netns {}", link, inside, name(host)));
                ip(fmt::format("link set {0} master {1}{2} up", link, tag_, kind));
                ip(fmt::format("-n {} address add 10.213.{}.{}/24 dev {}", name(host), network,
                               host == Host::a ? 11 : 12, inside));
                ip(fmt::format("-n {} link set {} up", name(host), inside));
            }
        }
    } catch (...) {
        remove();
        throw;
    }
}

TwoHosts::~TwoHosts() {
    remove();
}

void TwoHosts::remove() const {
    for (Host host : {Host::a, Host::b}) {
        for (char kind : {'d', 'm'}) run({"link", "delete", fmt::format("{}{}{}", tag_, letter(host), kind)});
        run({"netns", "delete", name(host)});
    }
    for (char kind : {'d', 'm'}) run({"link", "delete", fmt::format("{}{}", tag_, kind)});
}

std::string TwoHosts::name(Host host) const {
    return fmt::format("{}{}", tag_, letter(host));
}
std::string TwoHosts::database_address() const {
    return fmt::format("10.213.{}.1", subnet_);
}
std::string TwoHosts::model_address() const {
    return fmt::format("10.213.{}.1", subnet_ + 1);
}
std::string TwoHosts::database_network() const {
    return fmt::format("10.213.{}.0/24", subnet_);
}

void TwoHosts::cut_off(Host host) {
    ip(fmt::format("link set {}{}d down", tag_, letter(host)));
}
void TwoHosts::rejoin(Host host) {
    ip(fmt::format("link set {}{}d up", tag_, letter(host)));
}

}  // namespace spotter::test
