#include "work/sql_query/stems.hpp"

#include "work/words.hpp"

namespace spotter::work::sql {
namespace {

bool is_small(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

/// "orderItems" as "order Items", "HTTPStatus" as "HTTP Status".
std::string spaced(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool humps = i > 0 && is_capital(text[i]) &&
                     (is_small(text[i - 1]) ||
                      (is_capital(text[i - 1]) && i + 1 < text.size() && is_small(text[i + 1])));
        if (humps) out += ' ';
        out += text[i];
    }
    return out;
}

}  // namespace

std::string stem(std::string_view word) {
    std::string out(word);
    bool plural = out.size() > 3 && out.back() == 's' && !out.ends_with("ss") && !out.ends_with("us") &&
                  !out.ends_with("is");
    if (plural) out.pop_back();
    // The "e" of "boxes", "ciudades" and "store" alike; short words keep it, lest "note" be "not".
    bool hissing =
        out.ends_with("xe") || out.ends_with("che") || out.ends_with("she") || out.ends_with("sse");
    if (out.ends_with('e') && (out.size() > 4 || hissing)) out.pop_back();
    // "countries" and "movie" end as "country" does.
    if (out.size() > 3 && out.back() == 'i') out.back() = 'y';
    return out;
}

std::vector<std::string> stems(std::string_view text) {
    std::vector<std::string> out;
    const std::string spelled = words(spaced(text));
    for (std::size_t at = 1; at < spelled.size();) {
        std::size_t end = spelled.find(' ', at);
        out.push_back(stem(std::string_view(spelled).substr(at, end - at)));
        at = end + 1;
    }
    return out;
}

}  // namespace spotter::work::sql
