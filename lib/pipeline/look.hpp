#pragma once

#include "queue/queue.hpp"

/// How much a claim looks at, and what its result says about what is left. Pure.
namespace spotter::pipeline {

/// Whether most of what a claim looked at needed no slot: it was answered from the cache, or waits for
/// another row.
bool mostly_cached(const queue::Claim& claim);

/// What the next claim looks at: as many rows as can be (`most`), while most are answered from the cache
/// (`cached`, by the last claim); otherwise not many more than there are slots for, since each row looked at
/// costs a key. Half of them are found by turns, which costs more; an eighth while most are cached, since
/// those need no slot, and whose turn it is matters little: then they rest without `turns`.
queue::Look next_look(int most, int free_slots, bool cached, bool turns);

/// Whether there may be more to claim: it found as many as the part that is looked for first brings.
bool is_full(const queue::Claim& claim, const queue::Look& look);

/// Rows that were looked at and left: there was no slot, their user has enough, or somebody holds what they
/// need.
int left_behind(const queue::Claim& claim);

}  // namespace spotter::pipeline
