#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "work/exercise/input.hpp"
#include "work/exercise/topics.hpp"

/// Pictures and what is where in them. No model chooses one: it is the row's own, or one of the app's assets.
namespace spotter::work::exercises {

/// A place in a picture: x from its left, y from its top, both from 0 to 1.
struct Place {
    double x = 0;
    double y = 0;
};

struct Part {
    std::string term;  ///< as a learner meets it, "el pico"
    Place place;
};

/// A picture whose parts are known: a file in pictures/. The app ships the picture itself under this name.
struct LabelMap {
    std::string image;                ///< "/images/bird.svg"
    std::string shows;                ///< in English, after "the picture shows"
    std::vector<std::string> topics;  ///< of chapters
    bool poster = false;              ///< pictures in rows: says nothing of where things are in another
    std::vector<Part> parts;          ///< no two closer than the limits ask

    const Part* part(std::string_view term) const;  ///< whatever its case, accents and article; or nullptr
};

std::span<const LabelMap> label_maps();

/// The picture whose parts visual_identification and image_labeling ask for; empty for the other types.
struct Picture {
    std::string url;                ///< what the learner is shown
    const LabelMap* map = nullptr;  ///< what is known to be in it; nullptr for a picture that nobody has seen
    const LabelMap* typical = nullptr;  ///< a picture of the same sort, to guess by
};

/// The row's own picture, else one of the assets that suits the topics, else any.
Picture picture_of(const Request& request, const Coverage& coverage);

/// The word that a picture shows of those that `english` names; nullptr where it names none, or only words
/// too vague for a picture.
const Term* pictured(std::string_view english);

/// The asset that shows one word: "/images/terms/barn-owl.svg".
std::string picture_of_term(const Term& term);

}  // namespace spotter::work::exercises
