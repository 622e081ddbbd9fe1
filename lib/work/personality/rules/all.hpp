#pragma once

#include <span>
#include <vector>

#include "work/findings.hpp"
#include "work/personality/analysis.hpp"
#include "work/personality/input.hpp"

/// Every rule by theme. What each holds at which tier stands in rules.cpp.
namespace spotter::work::persona {

/// What a rule looks at.
struct Subject {
    const Analysis& analysis;
    std::span<const Post> posts;
    bool merged;
    std::vector<Said> said;  ///< everything in words
};

namespace rule {

// shape.cpp. The first, `bounds`, must pass before anything else is looked at.
void bounds(const Subject& subject, Findings& out);
void enough_traits(const Subject& subject, Findings& out);
void trait_names(const Subject& subject, Findings& out);
void trait_scores(const Subject& subject, Findings& out);
void scores_differ(const Subject& subject, Findings& out);
void style_figures(const Subject& subject, Findings& out);

// substance.cpp
void summary(const Subject& subject, Findings& out);
void explanations(const Subject& subject, Findings& out);
void style_description(const Subject& subject, Findings& out);
void interests(const Subject& subject, Findings& out);
void topics(const Subject& subject, Findings& out);
void own_words(const Subject& subject, Findings& out);

// privacy.cpp
void no_quotes(const Subject& subject, Findings& out);
void no_contact_data(const Subject& subject, Findings& out);
void nothing_sensitive(const Subject& subject, Findings& out);

}  // namespace rule
}  // namespace spotter::work::persona
