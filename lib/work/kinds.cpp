#include "work/kind.hpp"

#include <stdexcept>

#include "work/exercise/exercise.hpp"
#include "work/personality/personality.hpp"
#include "work/sql_query/sql_query.hpp"
#include "work/training_program/training_program.hpp"

namespace spotter::work {
namespace {

const Kind* const kinds[] = {
    &training_program(),
    &exercise(),
    &personality(),
    &sql_query(),
};

}  // namespace

std::span<const Kind* const> all_kinds() {
    return kinds;
}

std::vector<std::string> kind_names() {
    std::vector<std::string> names;
    for (const Kind* kind : kinds) names.emplace_back(kind->name);
    return names;
}

const Kind* find_kind(std::string_view name) {
    for (const Kind* kind : kinds)
        if (kind->name == name) return kind;
    return nullptr;
}

std::string Task::merge(const std::vector<std::optional<std::string>>&) const {
    throw std::logic_error("this kind has no parts to merge");
}

std::string_view name(Tier tier) {
    switch (tier) {
        case Tier::full:
            return "full";
        case Tier::simplified:
            return "simplified";
        case Tier::basic:
            return "basic";
    }
    return "basic";
}

}  // namespace spotter::work
