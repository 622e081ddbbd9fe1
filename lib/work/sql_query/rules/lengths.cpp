#include <fmt/format.h>

#include "work/sql_query/functions.hpp"
#include "work/sql_query/limits.hpp"
#include "work/sql_query/rules/all.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql::rule {
namespace {

bool is_literal(const json::Value& value) {
    if (const json::Value* cast = fields_of(value, "TypeCast")) return is_literal(*json::find(*cast, "arg"));
    return fields_of(value, "A_Const") != nullptr;
}

}  // namespace

/// repeat('x', 1000000000) takes a gigabyte, and repeat(repeat(repeat('x', 1000), 1000), 1000) as well.
void bounded_lengths(const Subject& subject, Findings& out) {
    each_node(subject.select, [&](const Node& node) {
        if (node.type != "FuncCall") return;
        auto names = names_in(node.fields, "funcname");
        auto place = length_argument(names.back());
        if (!place) return;
        const auto& arguments = list_in(node.fields, "args");
        auto at = static_cast<rapidjson::SizeType>(*place);
        auto length = at < arguments.Size() ? subject.statement.whole_number(arguments[at]) : std::nullopt;
        if (!length || *length > longest_padding)
            refuse(out, fmt::format("{} needs a length that is a number up to {}.", names.back(),
                                    longest_padding));
        else if (names.back() == "repeat" && !is_literal(arguments[0]))
            refuse(out, "repeat needs a literal to repeat.");
    });
    if (subject.names.longest > longest_value)
        refuse(out, fmt::format("A value may get longer than {} bytes. Nest fewer of the functions that make "
                                "a text longer, such as replace.",
                                longest_value));
}

/// The planner puts the expression of a subquery's column in wherever the column is named: what doubles in
/// each of thirty subqueries takes all memory that there is, before any time-out.
void bounded_expansion(const Subject& subject, Findings& out) {
    if (subject.names.heaviest > heaviest_query)
        refuse(out, fmt::format("Written out, the statement has more than {} parts: every column of a "
                                "subquery or WITH query stands for its whole expression. Name such columns "
                                "less often.",
                                heaviest_query));
}

}  // namespace spotter::work::sql::rule
