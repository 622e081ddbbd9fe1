#include "llm/provider.hpp"

namespace spotter::llm {

std::string_view name(Failure::Kind kind) {
    using Kind = Failure::Kind;
    switch (kind) {
        case Kind::unreachable:
            return "unreachable";
        case Kind::timeout:
            return "timeout";
        case Kind::certificate:
            return "certificate";
        case Kind::rate_limited:
            return "rate_limited";
        case Kind::quota:
            return "quota";
        case Kind::overloaded:
            return "overloaded";
        case Kind::unauthorized:
            return "unauthorized";
        case Kind::misconfigured:
            return "misconfigured";
        case Kind::context_length:
            return "context_length";
        case Kind::rejected:
            return "rejected";
        case Kind::malformed:
            return "malformed";
        case Kind::cancelled:
            return "cancelled";
    }
    return "unreachable";
}

}  // namespace spotter::llm
