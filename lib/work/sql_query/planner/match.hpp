#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "work/sql_query/planner/likeness.hpp"
#include "work/sql_query/planner/path.hpp"
#include "work/sql_query/planner/token.hpp"
#include "work/sql_query/planner/words.hpp"
#include "work/sql_query/schema.hpp"
#include "work/sql_query/type_name.hpp"

/// Finding what the words of a question stand for in a schema.
namespace spotter::work::sql::planner {

/// What can be done with a column's values.
ValueClass class_of(const Column& column);

/// How good a match is; a longer one goes before a better one.
struct Match {
    std::size_t tokens = 0;  ///< how many of the question it takes; 0: there is none
    int quality = 0;
    bool better_than(const Match& other) const {
        return tokens != other.tokens ? tokens > other.tokens : quality > other.quality;
    }
};

struct TableMatch : Match {
    const Table* table = nullptr;
};
struct ColumnMatch : Match {
    const Column* column = nullptr;
};
struct LabelMatch : Match {
    const Column* column = nullptr;
    std::string label;  ///< one of the column's
};
struct RoleMatch : Match {
    std::optional<Step> step;
};
struct FlagMatch : Match {
    const Column* column = nullptr;
    bool value = true;  ///< false for "inactive"
};

/// The names of a schema's tables, taken apart once.
class TableNames {
  public:
    explicit TableNames(const Schema& schema);

    /// The table that the tokens from `at` on name: by its own words, a synonym, its last words, or its
    /// comment. Of equals the one that the search path leads to, then the first.
    TableMatch match(const std::vector<Token>& tokens, std::size_t at) const;

  private:
    struct Entry {
        const Table* table;
        Name name;
        std::vector<std::string> full;    ///< stems of its schema and its name
        std::vector<std::string> remark;  ///< stems of its comment
        bool on_path;
    };
    std::vector<Entry> entries_;
};

/// Likewise a column: "created", "creation date" and "created_at" are the same; "price" is a "unit_price".
ColumnMatch match_column(const Table& table, const std::vector<Token>& tokens, std::size_t at);

/// A listed value of one of the table's columns, "pending".
LabelMatch match_label(const Table& table, const std::vector<Token>& tokens, std::size_t at);
/// The value of that column alone.
LabelMatch match_label(const Column& column, const std::vector<Token>& tokens, std::size_t at);

/// A boolean column by its name, "active" or "inactive" for is_active.
FlagMatch match_flag(const Table& table, const std::vector<Token>& tokens, std::size_t at);

/// A row that is pointed at under another name than its table's: "manager" by the key manager_id.
RoleMatch match_role(const std::vector<Step>& steps, const std::vector<Token>& tokens, std::size_t at);

/// The column of the table that is best called so; nullptr when none is.
const Column* column_called(const Table& table, std::string_view words);

/// The number that an adjective is about, for "expensive" the price; nullptr when there is none.
const Column* column_of(const Adjective& adjective, const Table& table);

/// The text that people call a row by: its name, title, email or the like; nullptr when there is none.
const Column* name_column(const Table& table);

/// When a row came to be: created_at or the like; nullptr when nothing says so.
const Column* date_column(const Table& table);

/// The only number that an "over 100" can be about; nullptr when there is none, or several.
const Column* amount_column(const Table& table);

}  // namespace spotter::work::sql::planner
