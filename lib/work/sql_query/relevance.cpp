#include "work/sql_query/relevance.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "work/sql_query/stems.hpp"

namespace spotter::work::sql {
namespace {

constexpr int name_weight = 8, column_weight = 3, remark_weight = 1;

/// The words of a question, each counted once a table.
class Words {
  public:
    explicit Words(std::string_view question) {
        for (std::string& word : stems(question))
            if (word.size() > 2) words_.insert(std::move(word));
    }

    int shared(const std::vector<std::string>& stems) const {
        std::unordered_set<std::string_view> seen;
        for (const std::string& word : stems)
            if (words_.contains(word)) seen.insert(word);
        return static_cast<int>(seen.size());
    }

  private:
    std::unordered_set<std::string> words_;
};

int score(const Column& column, const Words& words) {
    int points =
        column_weight * words.shared(column.name_stems) + remark_weight * words.shared(column.comment_stems);
    for (const auto& label : column.label_stems) points += column_weight * words.shared(label);
    return points;
}

int score(const Table& table, const Words& words) {
    int points =
        name_weight * words.shared(table.name_stems) + remark_weight * words.shared(table.comment_stems);
    for (const Column& column : table.columns) points += score(column, words);
    return points;
}

bool is_key(const Table& table, const std::string& column) {
    auto holds = [&](const std::vector<std::string>& columns) {
        return std::find(columns.begin(), columns.end(), column) != columns.end();
    };
    return holds(table.primary_key) || std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                                                   [&](const ForeignKey& key) { return holds(key.columns); });
}

/// The items by falling points; equals stay in the order of the vector that they are in.
template <class T>
std::vector<const T*> sorted(std::vector<const T*> items, const std::map<const T*, int>& points) {
    std::sort(items.begin(), items.end(), [&](const T* one, const T* other) {
        int mine = points.at(one), theirs = points.at(other);
        return mine != theirs ? mine > theirs : one < other;
    });
    return items;
}

}  // namespace

std::vector<const Table*> by_relevance(const Schema& schema, std::string_view question) {
    const Words words(question);
    std::vector<const Table*> tables;
    std::map<const Table*, int> own, points;
    for (const Table& table : schema.tables()) {
        tables.push_back(&table);
        own[&table] = points[&table] = 2 * score(table, words);
    }
    // A neighbour of what is asked for comes before what nobody speaks of.
    for (const Table& table : schema.tables())
        for (const ForeignKey& key : table.foreign_keys) {
            const Table* target = schema.find(key.schema, key.table);
            if (!target) continue;
            if (own[&table] > 0) points[target] = std::max(points[target], 1);
            if (own[target] > 0) points[&table] = std::max(points[&table], 1);
        }
    return sorted(std::move(tables), points);
}

std::vector<const Column*> by_relevance(const Table& table, std::string_view question) {
    const Words words(question);
    std::vector<const Column*> columns;
    std::map<const Column*, int> points;
    for (const Column& column : table.columns) {
        columns.push_back(&column);
        points[&column] = score(column, words) + (is_key(table, column.name) ? column_weight : 0);
    }
    return sorted(std::move(columns), points);
}

}  // namespace spotter::work::sql
