#include <fmt/format.h>

#include "work/sql_query/functions.hpp"
#include "work/sql_query/limits.hpp"
#include "work/sql_query/rules/all.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql::rule {

/// repeat('x', 1000000000) takes a gigabyte.
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
    });
}

}  // namespace spotter::work::sql::rule
