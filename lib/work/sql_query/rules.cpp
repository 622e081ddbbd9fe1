#include "work/sql_query/rules.hpp"

#include "work/sql_query/rules/all.hpp"

namespace spotter::work::sql {
namespace {

template <class R>
struct Entry {
    std::string_view name;
    R check;
};

constexpr Entry<ShapeRule> shape[] = {
    {"one_statement", rule::one_statement}, {"select_only", rule::select_only},
    {"no_writing", rule::no_writing},       {"no_into", rule::no_into},
    {"no_locking", rule::no_locking},       {"no_parameters", rule::no_parameters},
    {"no_sampling", rule::no_sampling},     {"accepted_syntax", rule::accepted_syntax},
};

constexpr Entry<Rule> content[] = {
    {"no_catalogue", rule::no_catalogue},
    {"known_tables", rule::known_tables},
    {"known_columns", rule::known_columns},
    {"no_system_columns", rule::no_system_columns},
    {"no_whole_rows", rule::no_whole_rows},
    {"no_field_selection", rule::no_field_selection},
    {"accepted_functions", rule::accepted_functions},
    {"no_session_values", rule::no_session_values},
    {"accepted_operators", rule::accepted_operators},
    {"accepted_types", rule::accepted_types},
    {"bounded_lengths", rule::bounded_lengths},
    {"bounded_expansion", rule::bounded_expansion},
    {"bounded_series", rule::bounded_series},
    {"bounded_patterns", rule::bounded_patterns},
    {"bounded_paths", rule::bounded_paths},
    {"bounded_recursion", rule::bounded_recursion},
    {"visible_text", rule::visible_text},
};

}  // namespace

std::vector<Violation> check_shape(const Statement& statement) {
    Findings out;
    for (const auto& entry : shape) {
        out.begin(entry.name, Held::strict);
        entry.check(statement, out);
        if (out.rejected()) break;
    }
    return out.take();
}

std::vector<Violation> check_rules(const Statement& statement, const Schema& schema) {
    if (auto violations = check_shape(statement); !violations.empty()) return violations;
    Findings out;
    const json::Value& select = *statement.select();
    const Names names = resolve(select, schema);
    const Subject subject{statement, select, schema, names};
    for (const auto& entry : content) {
        out.begin(entry.name, Held::strict);
        entry.check(subject, out);
    }
    return out.take();
}

}  // namespace spotter::work::sql
