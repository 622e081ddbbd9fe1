#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "work/exercise/rules/all.hpp"
#include "work/exercise/rules/helpers.hpp"
#include "work/words.hpp"

namespace spotter::work::exercises::rule {
namespace {

std::string term_path(std::size_t index) {
    return fmt::format("/labels/{}/term", index);
}

std::string position_path(std::size_t index) {
    return fmt::format("/labels/{}/correctPosition", index);
}

double distance(Place a, Place b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

bool is_share(double value) {
    return value >= 0 && value <= 1;
}

}  // namespace

void enough_labels(const Labelling& labelling, const Assignment&, Findings& out) {
    at_least("/labels", labelling.labels.size(), limits.least_labels, out);
}

void labels_distinct(const Labelling& labelling, const Assignment&, Findings& out) {
    std::vector<std::string> terms;
    for (const Label& label : labelling.labels) terms.push_back(label.term);
    distinct(terms, term_path, out);
}

void labels_in_picture(const Labelling& labelling, const Assignment&, Findings& out) {
    for (std::size_t i = 0; i < labelling.labels.size(); ++i) {
        Place place = labelling.labels[i].place;
        if (!is_share(place.x) || !is_share(place.y))
            out.reject(position_path(i), "x and y must be from 0 to 1");
    }
}

void labels_apart(const Labelling& labelling, const Assignment&, Findings& out) {
    for (std::size_t i = 0; i < labelling.labels.size(); ++i)
        for (std::size_t other = 0; other < i; ++other)
            if (distance(labelling.labels[i].place, labelling.labels[other].place) < limits.least_distance)
                out.reject(position_path(i),
                           fmt::format("lies on \"{}\"; keep labels {} apart", labelling.labels[other].term,
                                       limits.least_distance));
}

/// Where it is known what the picture shows and where.
void labels_right(const Labelling& labelling, const Assignment& assignment, Findings& out) {
    const LabelMap* map = assignment.picture.map;
    if (!map) return;
    for (std::size_t i = 0; i < labelling.labels.size(); ++i) {
        const Label& label = labelling.labels[i];
        const Part* part = map->part(label.term);
        if (!part)
            out.reject(
                term_path(i),
                fmt::format("\"{}\" is not marked in this picture; choose from its parts", label.term));
        else if (distance(label.place, part->place) > limits.label_tolerance)
            out.reject(position_path(i), fmt::format("\"{}\" is at x {}, y {} in this picture", part->term,
                                                     part->place.x, part->place.y));
    }
}

void target_labelled(const Labelling& labelling, const Assignment& assignment, Findings& out) {
    if (assignment.request.type != Type::visual_identification) return;
    auto count = std::count_if(labelling.labels.begin(), labelling.labels.end(),
                               [&](const Label& label) { return label.term == labelling.target; });
    if (count != 1)
        out.reject(
            "/targetTerm",
            fmt::format("\"{}\" must be the term of exactly one label, written the same", labelling.target));
}

void target_asked_for(const Labelling& labelling, const Assignment& assignment, Findings& out) {
    if (assignment.request.type != Type::visual_identification) return;
    if (words(labelling.prompt).find(words(labelling.target)) == std::string::npos)
        out.reject("/prompt",
                   fmt::format("does not name the targetTerm \"{}\"; ask for it", labelling.target));
}

void labels_by_difficulty(const Labelling& labelling, const Assignment& assignment, Findings& out) {
    int difficulty = assignment.request.difficulty;
    as_many("/labels", labelling.labels.size(), Limits::at(limits.labels, difficulty), difficulty, out);
}

}  // namespace spotter::work::exercises::rule
