#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace spotter::work::sql {

/// A text as the parser of Postgres 15 reads it (libpg_query).
class Statement {
  public:
    /// Error code "syntax"; the message says what the parser says and where.
    static Result<Statement> parse(std::string text);

    const std::string& text() const { return text_; }

    /// What the text holds, one statement each: {"stmt": node, …}.
    const json::Value& statements() const { return tree_["stmts"]; }

    /// The fields of the only statement, when that is a SELECT, else nullptr. VALUES, TABLE and set
    /// operations are SELECTs as well.
    const json::Value* select() const;

    /// The same in Postgres' own words: without comments, on one line, every string and name in its plainest
    /// form. What is stored is written from the tree that was checked, so that no other reading of the text
    /// is left, as by a server with other settings. Error code "syntax" where libpg_query does not write what
    /// it read.
    Result<Statement> rewritten() const;

    /// The whole number that `constant`, a node of this statement, is; nullopt when it is none or does not
    /// fit. The tree leaves out the value of a negative one, so it is read where it stands.
    std::optional<long long> whole_number(const json::Value& constant) const;

  private:
    Statement(std::string text, json::Document tree) : text_(std::move(text)), tree_(std::move(tree)) {}

    std::string text_;
    json::Document tree_;
};

}  // namespace spotter::work::sql
