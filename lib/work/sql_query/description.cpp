#include "work/sql_query/description.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/json.hpp"
#include "work/prompt_template.hpp"
#include "work/sql_query/identifier.hpp"
#include "work/sql_query/relevance.hpp"
#include "work/words.hpp"

namespace spotter::work::sql {
namespace {

/// What a tier has room for. A token of SQL is about three bytes.
struct Room {
    std::size_t tables;   ///< bytes
    std::size_t names;    ///< bytes for the names of the rest
    std::size_t columns;  ///< of one table
    std::size_t labels;   ///< of one column
    bool remarks;         ///< comments, row counts, NOT NULL
};

Room room(Tier tier) {
    switch (tier) {
        case Tier::full:
            return {36'000, 6'000, 200, 50, true};
        case Tier::simplified:
            return {15'000, 2'000, 80, 20, false};
        case Tier::basic:
            return {6'000, 600, 40, 8, false};
    }
    return {};
}

/// A comment, as text that cannot be taken for anything else.
std::string remark(std::string_view comment) {
    constexpr std::size_t longest = 200;  ///< characters
    return comment.empty() ? "" : " " + without_angles(json::quoted(excerpt(comment, longest)));
}

std::string listed(const std::vector<std::string>& names) {
    std::vector<std::string> quoted;
    for (const std::string& name : names) quoted.push_back(quoted_identifier(name));
    return fmt::format("{}", fmt::join(quoted, ", "));
}

std::string referenced(const ForeignKey& key, const Schema& schema) {
    const Table* table = schema.find(key.schema, key.table);
    return table ? fmt::format("{} ({})", table_reference(*table, schema), listed(key.references)) : "";
}

std::string labels_of(const Column& column, const Room& room) {
    if (column.labels.empty()) return "";
    std::vector<std::string> labels;
    for (const std::string& label : column.labels) {
        if (labels.size() == room.labels) {
            labels.emplace_back("…");
            break;
        }
        labels.push_back(string_literal(label));
    }
    return fmt::format(" in ({})", fmt::join(labels, ", "));
}

std::string column_line(const Table& table, const Column& column, const Schema& schema, const Room& room) {
    std::string line =
        fmt::format("  {} {}{}", quoted_identifier(column.name), column.type, labels_of(column, room));
    if (table.primary_key == std::vector{column.name})
        line += " primary key";
    else if (room.remarks && !column.nullable)
        line += " not null";
    for (const ForeignKey& key : table.foreign_keys)
        if (key.columns == std::vector{column.name} && schema.find(key.schema, key.table))
            line += " references " + referenced(key, schema);
    return line + (room.remarks ? remark(column.comment) : "") + "\n";
}

/// The columns in their own order, without those for which a wide table has no room.
std::vector<const Column*> shown_columns(const Table& table, std::string_view question, const Room& room) {
    std::vector<const Column*> columns;
    if (table.columns.size() > room.columns) {
        columns = by_relevance(table, question);
        columns.resize(room.columns);
        std::sort(columns.begin(), columns.end());  // they are items of one vector
    } else {
        for (const Column& column : table.columns) columns.push_back(&column);
    }
    return columns;
}

std::string keys_of_several(const Table& table, const Schema& schema) {
    std::string lines;
    if (table.primary_key.size() > 1) lines += fmt::format("  primary key ({})\n", listed(table.primary_key));
    for (const ForeignKey& key : table.foreign_keys)
        if (key.columns.size() > 1 && schema.find(key.schema, key.table))
            lines += fmt::format("  ({}) references {}\n", listed(key.columns), referenced(key, schema));
    return lines;
}

std::string paragraph(const Table& table, const Schema& schema, std::string_view question, const Room& room) {
    std::string kind = table.kind.empty() ? "table" : table.kind;
    std::replace(kind.begin(), kind.end(), '_', ' ');
    std::string text = fmt::format("{} ({}", table_reference(table, schema), kind);
    if (room.remarks && table.rows >= 0) text += fmt::format(", about {:.0f} rows", table.rows);
    text += ")" + (room.remarks ? remark(table.comment) : "") + "\n";
    auto columns = shown_columns(table, question, room);
    for (const Column* column : columns) text += column_line(table, *column, schema, room);
    if (columns.size() < table.columns.size())
        text += fmt::format("  and {} columns more\n", table.columns.size() - columns.size());
    if (table.partial) text += "  and columns that may not be read: name what you want, * is refused\n";
    return text + keys_of_several(table, schema) + "\n";
}

std::string every_paragraph(const Schema& schema, std::string_view question, const Room& room) {
    std::string text;
    for (const Table& table : schema.tables()) {
        text += paragraph(table, schema, question, room);
        if (text.size() > room.tables) break;
    }
    return text;
}

}  // namespace

Description describe(const Schema& schema, std::string_view question, Tier tier) {
    constexpr std::size_t smallest = 100;  ///< bytes below which no table is tried
    const Room space = room(tier);
    Description out;
    out.tables = every_paragraph(schema, question, space);
    out.shown = schema.tables().size();
    if (out.tables.size() <= space.tables) return out;
    out.tables.clear();
    out.shown = 0;
    for (const Table* table : by_relevance(schema, question)) {
        std::string text;
        if (out.tables.size() + smallest <= space.tables) text = paragraph(*table, schema, question, space);
        if (!text.empty() && out.tables.size() + text.size() <= space.tables) {
            out.tables += text;
            ++out.shown;
            continue;
        }
        std::string name = (out.others.empty() ? "" : ", ") + table_reference(*table, schema);
        if (out.others.size() + name.size() <= space.names)
            out.others += name;
        else
            ++out.unnamed;
    }
    return out;
}

}  // namespace spotter::work::sql
