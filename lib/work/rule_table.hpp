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

/// Checks `subject` against every rule of a table that is held at that tier.
template <class Table, class... Subject>
void apply(const Table& table, Tier tier, Findings& out, const Subject&... subject) {
    for (const auto& entry : table) {
        const Held how = held(entry, tier);
        if (how == Held::off) continue;
        out.begin(entry.name, how);
        entry.check(subject..., out);
    }
}

}  // namespace spotter::work
