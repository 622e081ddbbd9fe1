#include "work/sql_query/prompt.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json.hpp"
#include "work/prompt_template.hpp"
#include "work/sql_query/answer.hpp"
#include "work/sql_query/description.hpp"
#include "work/sql_query/identifier.hpp"
#include "work/sql_query/limits.hpp"

namespace spotter::work::sql {
namespace {

using kainjow::mustache::data;

data system_data(Tier tier) {
    data out;
    out.set("system", true);
    out.set("full", tier == Tier::full);
    out.set("details", tier != Tier::basic);
    out.set("schema", std::string(schema_text()));
    out.set("most_rows", std::to_string(most_rows));
    out.set("most_series_rows", std::to_string(most_series_rows));
    out.set("longest_padding", std::to_string(longest_padding));
    out.set("longest_pattern", std::to_string(longest_pattern));
    out.set("deepest_recursion", std::to_string(deepest_recursion));
    return out;
}

std::string path_text(const Schema& schema) {
    std::vector<std::string> names;
    for (const std::string& name : schema.search_path()) names.push_back(quoted_identifier(name));
    return names.empty() ? "empty" : fmt::format("{}", fmt::join(names, ", "));
}

data user_data(Tier tier, const Question& question) {
    const Description description = describe(question.schema(), question.prompt, tier);
    const std::size_t all = question.schema().tables().size();
    data out;
    out.set("user", true);
    out.set("tables", all > 0);
    out.set("chosen", description.shown < all);
    out.set("all", std::to_string(all));
    out.set("search_path", path_text(question.schema()));
    out.set("descriptions", description.tables);
    out.set("others", !description.others.empty());
    out.set("names", description.others);
    out.set("more", description.unnamed > 0);
    out.set("count", std::to_string(description.unnamed));
    out.set("data", without_angles(fmt::format(R"({{"question":{}}})", json::quoted(question.prompt))));
    return out;
}

std::string render(const data& values) {
    return work::render("lib/work/sql_query/prompt.mustache", values);
}

/// Tokens that an answer may take: the longest honest queries, a sentence, and what a model thinks before.
int most_tokens(Tier tier) {
    return tier == Tier::full ? 4000 : tier == Tier::simplified ? 2500 : 1500;
}

}  // namespace

Prompt make_prompt(Tier tier, const Question& question) {
    return {render(system_data(tier)), render(user_data(tier, question)), "sql_query", schema_text(),
            most_tokens(tier)};
}

}  // namespace spotter::work::sql
