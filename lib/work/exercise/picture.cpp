#include "work/exercise/picture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "work/exercise/choice.hpp"
#include "work/exercise/data_file.hpp"
#include "work/words.hpp"

namespace spotter::work::exercises {
namespace {

Part read_part(const json::Value& value) {
    return {data::text(value, "term"), {json::number(value, "x").value(), json::number(value, "y").value()}};
}

LabelMap read_map(const json::Value& value) {
    return {data::text(value, "image"), data::text(value, "shows"), data::texts(value, "topics"),
            json::boolean(value, "poster").value(), data::list(value, "parts", read_part)};
}

bool is_about(const LabelMap& map, const Chapter& chapter) {
    return std::find(map.topics.begin(), map.topics.end(), chapter.topic) != map.topics.end();
}

/// The maps of the first of these that has any: those that show a named word, those of the chapters, all.
std::vector<const LabelMap*> suitable(const Coverage& coverage, bool with_posters) {
    std::vector<const LabelMap*> naming, about, all;
    for (const LabelMap& map : label_maps()) {
        if (map.poster && !with_posters) continue;
        all.push_back(&map);
        if (std::any_of(coverage.named.begin(), coverage.named.end(),
                        [&](const Term* term) { return map.part(term->spanish); }))
            naming.push_back(&map);
        if (std::any_of(coverage.chapters.begin(), coverage.chapters.end(),
                        [&](const Chapter* chapter) { return is_about(map, *chapter); }))
            about.push_back(&map);
    }
    return !naming.empty() ? naming : !about.empty() ? about : all;
}

const LabelMap* map_of(std::string_view image) {
    for (const LabelMap& map : label_maps())
        if (map.image == image) return &map;
    return nullptr;
}

/// What a picture that nobody has seen may show, by the words of its address: ".../cardinal-anatomy.jpg".
Coverage said_by_address(std::string_view url) {
    Coverage said;
    for (const Term* term : terms_within(url)) said.chapters.push_back(term->chapter);
    return said;
}

}  // namespace

const Part* LabelMap::part(std::string_view term) const {
    for (const Part& part : parts)
        if (same_term(part.term, term)) return &part;
    return nullptr;
}

std::span<const LabelMap> label_maps() {
    static const std::vector<LabelMap> maps = data::files("lib/work/exercise/pictures/", read_map);
    return maps;
}

Picture picture_of(const Request& request, const Coverage& coverage) {
    Picture picture;
    if (!has_labels(request.type)) return picture;
    Choice choice("picture " + canonical_text(request));
    if (!request.image_url) {
        picture.map = picture.typical = choice.one_of(suitable(coverage, true));
        picture.url = picture.map->image;
        return picture;
    }
    picture.url = *request.image_url;
    picture.map = map_of(picture.url);
    Coverage said = said_by_address(picture.url);
    const Coverage& about = said.chapters.empty() ? coverage : said;
    picture.typical = picture.map ? picture.map : choice.one_of(suitable(about, false));
    return picture;
}

const Term* pictured(std::string_view english) {
    for (const Term* term : in_english(english))
        if (!term->vague) return term;
    return nullptr;
}

std::string picture_of_term(const Term& term) {
    std::string slug(trimmed(words(term.english.front())));
    std::replace(slug.begin(), slug.end(), ' ', '-');
    return fmt::format("/images/terms/{}.svg", slug);
}

}  // namespace spotter::work::exercises
