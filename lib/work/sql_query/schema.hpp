#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"

/// The part of a database's schema that the asker may read.
namespace spotter::work::sql {

struct Column {
    std::string name;
    std::string type;  ///< as format_type() writes it, "character varying(20)", "shop.order_status"
    std::string comment;
    bool nullable = true;
    std::vector<std::string> labels;  ///< an enum's, in its order

    std::vector<std::string> name_stems, comment_stems;
    std::vector<std::vector<std::string>> label_stems;
};

struct ForeignKey {
    std::vector<std::string> columns;
    std::string schema, table;  ///< what it points at; it may be hidden from the asker
    std::vector<std::string> references;
};

struct Table {
    std::string schema, name;
    std::string kind;  ///< "table", "view", "materialized_view", "foreign_table", "partitioned_table"
    std::string comment;
    bool partial = false;  ///< there are columns that the asker may not read: * would be refused
    double rows = -1;      ///< the planner's estimate; -1 when it has none
    std::vector<Column> columns;
    std::vector<std::string> primary_key;
    std::vector<ForeignKey> foreign_keys;

    std::vector<std::string> name_stems, comment_stems;

    const Column* column(std::string_view name) const;
};

class Schema {
  public:
    /// What the pipeline hands over. Error code "invalid_input".
    static Result<Schema> read(const json::Value& value);

    const std::vector<Table>& tables() const { return tables_; }
    const std::vector<std::string>& search_path() const { return search_path_; }
    /// What those who ask may name as schema_version; nothing where it is not said.
    const std::optional<std::string>& version() const { return version_; }

    /// Whether the app has a function or operator of that name which may be called without its schema: nobody
    /// can tell which one Postgres would take.
    bool is_overloaded(std::string_view name) const { return overloads_.contains(name); }

    const Table* find(const std::string& schema, const std::string& name) const;
    /// What a name without a schema stands for: the first of that name on the search path.
    const Table* find(const std::string& name) const;

  private:
    void add(Table table);

    std::vector<std::string> search_path_;
    std::optional<std::string> version_;
    std::set<std::string, std::less<>> overloads_;
    std::vector<Table> tables_;
    std::map<std::pair<std::string, std::string>, std::size_t> places_;  ///< by schema and name
};

/// The schema that a text describes. The last one is kept, since the rows of many minutes ask about one, and
/// reading thousands of tables takes longer than all else that is done for a row.
Result<std::shared_ptr<const Schema>> schema_of(std::string_view text);

}  // namespace spotter::work::sql
