#include "support/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <tuple>
#include <utility>

namespace spotter::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

std::pair<int, std::uint16_t> bound_socket() {
    const int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (handle < 0 || bind(handle, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no loopback port could be had");
    return {handle, ntohs(address.sin_port)};
}

}  // namespace

BadPort::BadPort(Manner manner) {
    std::tie(socket_, number_) = bound_socket();
    if (manner == Manner::refusing) return;
    listen(socket_, manner == Manner::unreachable ? 0 : 64);
    if (manner == Manner::unresponsive) return;
    // Linux queues one more than asked for; what comes after that is left without an answer.
    for (int i = 0; i < 3; ++i) {
        const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        const sockaddr_in address = loopback(number_);
        (void)connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        queued_.push_back(client);
    }
}

BadPort::~BadPort() {
    for (int client : queued_) close(client);
    close(socket_);
}

}  // namespace spotter::test
