#pragma once

#include "work/findings.hpp"

namespace spotter::work {

/// How a rule is held at a tier, by its entry in a table of rules: one with a `Held` for each tier.
template <class Entry>
Held held(const Entry& entry, Tier tier) {
    switch (tier) {
        case Tier::full:
            return entry.full;
        case Tier::simplified:
            return entry.simplified;
        case Tier::basic:
            return entry.basic;
    }
    return Held::strict;
}

}  // namespace spotter::work
