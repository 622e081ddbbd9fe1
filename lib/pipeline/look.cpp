#include "pipeline/look.hpp"

#include <algorithm>

namespace spotter::pipeline {

bool mostly_cached(const queue::Claim& claim) {
    return (claim.hits + claim.parked) * 2 >= claim.looked_at;
}

queue::Look next_look(int most, int free_slots, bool cached, bool turns) {
    constexpr int least = 16;
    queue::Look look;
    look.batch = cached ? most : std::min(most, std::max(least, free_slots));
    look.by_turns = !cached ? look.batch / 2 : turns ? look.batch / 8 : 0;
    look.slots = std::clamp(free_slots, 0, look.batch);
    return look;
}

bool is_full(const queue::Claim& claim, const queue::Look& look) {
    return claim.looked_at >= look.batch - look.by_turns;
}

int left_behind(const queue::Claim& claim) {
    return claim.looked_at - claim.hits - claim.parked - static_cast<int>(claim.rows.size());
}

}  // namespace spotter::pipeline
