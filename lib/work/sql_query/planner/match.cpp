#include "work/sql_query/planner/match.hpp"

#include <algorithm>

#include "work/sql_query/planner/cursor.hpp"
#include "work/sql_query/planner/words.hpp"
#include "work/sql_query/stems.hpp"
#include "work/sql_query/type_name.hpp"

namespace spotter::work::sql::planner {
namespace {

constexpr std::size_t longest_name = 5;  ///< tokens

/// What `count` tokens say; nothing when there are not as many words.
std::vector<std::string> span(const std::vector<Token>& tokens, std::size_t at, std::size_t count) {
    std::vector<std::string> out;
    if (at + count > tokens.size()) return out;
    // "in" is no name, whatever a column is called.
    if (count == 1 && match_phrase("structural", tokens, at) > 0) return out;
    for (std::size_t i = at; i < at + count; ++i) {
        if (tokens[i].kind == Token::date || tokens[i].text == ",") return {};
        for (std::string& word : stems(tokens[i].said)) out.push_back(std::move(word));
    }
    return out;
}

/// The best of what `offer(said, tokens, best)` finds for the longest span from `at` on that it finds
/// something for.
template <class M, class Offer>
M best_span(const std::vector<Token>& tokens, std::size_t at, Offer offer) {
    M best;
    for (std::size_t count = longest_name; count > 0 && best.tokens == 0; --count)
        if (auto words = span(tokens, at, count); !words.empty())
            offer(said_name(std::move(words)), count, best);
    return best;
}

}  // namespace

ValueClass class_of(const Column& column) {
    return sql::class_of(column.type, !column.labels.empty());
}

TableNames::TableNames(const Schema& schema) {
    for (const Table& table : schema.tables())
        entries_.push_back({&table, schema_name(table.name), stems(table.schema + " " + table.name),
                            table.comment_stems, schema.find(table.name) == &table});
}

TableMatch TableNames::match(const std::vector<Token>& tokens, std::size_t at) const {
    auto quality = [](const Name& said, const Entry& entry) {
        if (said.words == entry.full) return 8;
        if (int like = likeness(said, entry.name)) return 2 * like + (entry.on_path ? 1 : 0);
        // A word in a comment says less than anything in a name.
        const auto& remark = entry.remark;
        bool remarked = said.words.size() == 1 && said.joined.size() > 3 &&
                        std::find(remark.begin(), remark.end(), said.joined) != remark.end();
        return remarked ? 1 : 0;
    };
    return best_span<TableMatch>(tokens, at, [&](const Name& said, std::size_t count, TableMatch& best) {
        for (const Entry& entry : entries_)
            if (TableMatch found{{count, quality(said, entry)}, entry.table};
                found.quality > 0 && found.better_than(best))
                best = found;
    });
}

ColumnMatch match_column(const Table& table, const std::vector<Token>& tokens, std::size_t at) {
    if (match_phrase("sorted", tokens, at) > 0) return {};  // "ordered by", though there may be a placed_at
    std::vector<Name> names;
    for (const Column& column : table.columns) names.push_back(schema_name(column.name));
    return best_span<ColumnMatch>(tokens, at, [&](const Name& said, std::size_t count, ColumnMatch& best) {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (ColumnMatch found{{count, likeness(said, names[i])}, &table.columns[i]};
                found.quality > 0 && found.better_than(best))
                best = found;
    });
}

LabelMatch match_label(const Column& column, const std::vector<Token>& tokens, std::size_t at) {
    return best_span<LabelMatch>(tokens, at, [&](const Name& said, std::size_t count, LabelMatch& best) {
        for (const std::string& label : column.labels)
            if (best.tokens == 0 && class_of(column) == ValueClass::choice && said.words == stems(label))
                best = {{count, 4}, &column, label};
    });
}

LabelMatch match_label(const Table& table, const std::vector<Token>& tokens, std::size_t at) {
    LabelMatch best;
    for (const Column& column : table.columns)
        if (auto found = match_label(column, tokens, at); found.better_than(best)) best = found;
    return best;
}

FlagMatch match_flag(const Table& table, const std::vector<Token>& tokens, std::size_t at) {
    return best_span<FlagMatch>(tokens, at, [&](const Name& said, std::size_t count, FlagMatch& best) {
        for (const Column& column : table.columns) {
            if (class_of(column) != ValueClass::boolean || best.tokens > 0) continue;
            const Name name = schema_name(column.name);
            if (said.joined == name.joined) best = {{count, 4}, &column, true};
            for (std::string_view prefix : {"in", "un", "non", "non ", "not "})
                if (said.joined == std::string(prefix) + name.joined) best = {{count, 4}, &column, false};
        }
    });
}

RoleMatch match_role(const std::vector<Step>& steps, const std::vector<Token>& tokens, std::size_t at) {
    return best_span<RoleMatch>(tokens, at, [&](const Name& said, std::size_t count, RoleMatch& best) {
        for (const Step& step : steps) {
            if (step.to_many || step.columns.size() != 1 || best.tokens > 0) continue;
            auto words = stems(step.columns[0].first);
            if (words.size() > 1 && words.back() == "id") words.pop_back();
            if (said.words == words) best = {{count, 4}, step};
        }
    });
}

const Column* column_called(const Table& table, std::string_view words) {
    const Column* best = nullptr;
    int quality = 0;
    const Name said = said_name(stems(words));
    for (const Column& column : table.columns)
        if (int like = likeness(said, schema_name(column.name)); like > quality)
            best = &column, quality = like;
    return best;
}

const Column* column_of(const Adjective& adjective, const Table& table) {
    for (const std::string& name : adjective.columns)
        if (const Column* column = column_called(table, name);
            column && class_of(*column) == ValueClass::number)
            return column;
    return nullptr;
}

const Column* name_column(const Table& table) {
    const Column* best = nullptr;
    std::size_t best_rank = 0;
    for (const Column& column : table.columns) {
        auto rank = class_of(column) == ValueClass::text ? rank_in("names", column.name) : std::nullopt;
        if (rank && (!best || *rank < best_rank)) best = &column, best_rank = *rank;
    }
    return best;
}

const Column* date_column(const Table& table) {
    const Column *best = nullptr, *other = nullptr;
    std::size_t best_rank = 0;
    for (const Column& column : table.columns) {
        if (class_of(column) != ValueClass::time) continue;
        const std::string name = schema_name(column.name).joined;
        auto rank = rank_in("main_date", name);
        if (rank && (!best || *rank < best_rank)) best = &column, best_rank = *rank;
        if (!other && !rank_in("late_date", name)) other = &column;
    }
    return best ? best : other;
}

const Column* amount_column(const Table& table) {
    const Column* found = nullptr;
    for (const Column& column : table.columns) {
        const std::string name = schema_name(column.name).joined;
        if (class_of(column) != ValueClass::number || !rank_in("amounts", name)) continue;
        if (found) return nullptr;
        found = &column;
    }
    return found;
}

}  // namespace spotter::work::sql::planner
