#include "work/prompt_template.hpp"

#include <map>

#include "base/assets.hpp"

namespace spotter::work {
namespace {

using kainjow::mustache::mustache;

mustache parsed(std::string_view path) {
    mustache page{std::string(assets::read(path))};
    page.set_custom_escape([](const std::string& text) { return text; });
    return page;
}

}  // namespace

std::string render(std::string_view path, const kainjow::mustache::data& values) {
    // Rendering changes the template object, hence one a thread; parsing it takes far longer than rendering
    // it.
    static thread_local std::map<std::string_view, mustache> pages;
    auto page = pages.find(path);
    if (page == pages.end()) page = pages.emplace(path, parsed(path)).first;
    std::string text = page->second.render(values);
    text.shrink_to_fit();  // it is kept for as long as its call takes
    return text;
}

std::string without_angles(std::string json) {
    for (auto at = json.find('<'); at != json.npos; at = json.find('<', at)) json.replace(at, 1, "\\u003c");
    return json;
}

}  // namespace spotter::work
