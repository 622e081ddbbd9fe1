#include "work/refusal.hpp"

#include <fmt/format.h>

namespace spotter::work {

Error refusal(std::string_view problem, std::string_view remedy) {
    return {"invalid_input",
            fmt::format("{} {}, then set generation_status to 'pending' again.", problem, remedy)};
}

}  // namespace spotter::work
