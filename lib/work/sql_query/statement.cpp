#include "work/sql_query/statement.hpp"

#include <fmt/format.h>
#include <pg_query.h>

#include <charconv>

#include "work/sql_query/limits.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql {
namespace {

/// A result of libpg_query with the function that frees it.
template <class T>
class Owned {
  public:
    Owned(T result, void (*free)(T)) : result_(result), free_(free) {}
    ~Owned() { free_(result_); }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    const T* operator->() const { return &result_; }

  private:
    T result_;
    void (*free_)(T);
};

Error syntax(std::string message) {
    return {"syntax", std::move(message)};
}

}  // namespace

Result<Statement> Statement::parse(std::string text) {
    if (text.size() > longest_statement)
        return syntax(
            fmt::format("the statement is longer than {} bytes; write a shorter one", longest_statement));
    if (text.find('\0') != text.npos) return syntax("the statement holds the character NUL; leave it out");
    Owned<PgQueryParseResult> parsed(pg_query_parse(text.c_str()), pg_query_free_parse_result);
    if (parsed->error)
        return syntax(fmt::format("Postgres says: {}, at character {}", parsed->error->message,
                                  parsed->error->cursorpos));
    auto tree = json::parse(parsed->parse_tree, deepest_tree);
    if (!tree) return syntax("the statement is nested too deeply; write a flatter one");
    return Statement(std::move(text), std::move(*tree));
}

const json::Value* Statement::select() const {
    if (statements().Size() != 1) return nullptr;
    const json::Value* root = json::find(statements()[0], "stmt");
    return root ? fields_of(*root, "SelectStmt") : nullptr;
}

Result<Statement> Statement::rewritten() const {
    Owned<PgQueryProtobufParseResult> parsed(pg_query_parse_protobuf(text_.c_str()),
                                             pg_query_free_protobuf_parse_result);
    if (parsed->error) return syntax(parsed->error->message);
    Owned<PgQueryDeparseResult> written(pg_query_deparse_protobuf(parsed->parse_tree),
                                        pg_query_free_deparse_result);
    if (written->error) return syntax(written->error->message);
    auto again = parse(written->query);
    if (!again || !same_tree(statements(), again->statements()))
        return syntax("the statement cannot be written back as it was read; write it in a plainer way");
    return again;
}

std::optional<long long> Statement::whole_number(const json::Value& constant) const {
    const json::Value* fields = fields_of(constant, "A_Const");
    if (!fields || !json::find(*fields, "ival")) return std::nullopt;
    int place = json::integer(*fields, "location").value_or(-1);
    if (place < 0 || static_cast<std::size_t>(place) >= text_.size()) return std::nullopt;
    long long number = 0;
    auto [end, error] = std::from_chars(text_.data() + place, text_.data() + text_.size(), number);
    return error == std::errc{} ? std::optional(number) : std::nullopt;
}

}  // namespace spotter::work::sql
