#include "work/sql_query/planner/path.hpp"

namespace spotter::work::sql::planner {

Links::Links(const Schema& schema) {
    for (const Table& table : schema.tables())
        for (const ForeignKey& key : table.foreign_keys) {
            const Table* target = schema.find(key.schema, key.table);
            if (!target || key.columns.empty()) continue;
            Step up{&table, target, {}, false}, down{target, &table, {}, true};
            for (std::size_t i = 0; i < key.columns.size(); ++i) {
                up.columns.emplace_back(key.columns[i], key.references[i]);
                down.columns.emplace_back(key.references[i], key.columns[i]);
            }
            steps_.emplace(&table, std::move(up));
            steps_.emplace(target, std::move(down));
        }
}

std::vector<Step> Links::steps(const Table& table) const {
    std::vector<Step> out;
    auto [first, last] = steps_.equal_range(&table);
    for (auto step = first; step != last; ++step) out.push_back(step->second);
    return out;
}

std::vector<Path> Links::paths(const Table& from, const Table& to) const {
    std::vector<Path> found;
    for (const Step& step : steps(from))
        if (step.to == &to) found.push_back({step});
    if (!found.empty()) return found;
    for (const Step& first : steps(from))
        for (const Step& second : steps(*first.to))
            if (second.to == &to && first.to != &from) found.push_back({first, second});
    return found;
}

}  // namespace spotter::work::sql::planner
