#include <fmt/format.h>

#include <unordered_set>

#include "work/sql_query/rules/all.hpp"
#include "work/sql_query/tree.hpp"

namespace spotter::work::sql::rule {
namespace {

/// What a SELECT that only reads is built of: the nodes of Postgres' parsenodes.h.
const std::unordered_set<std::string_view>& accepted_nodes() {
    static const std::unordered_set<std::string_view> nodes = {
        // queries
        "SelectStmt", "ResTarget", "SortBy", "GroupingSet", "WindowDef", "WithClause", "CommonTableExpr",
        // what they read from
        "RangeVar", "RangeSubselect", "RangeFunction", "JoinExpr", "ColumnDef",
        // expressions
        "A_ArrayExpr", "A_Const", "A_Expr", "A_Indices", "A_Indirection", "A_Star", "BoolExpr", "BooleanTest",
        "CaseExpr", "CaseWhen", "CoalesceExpr", "CollateClause", "ColumnRef", "FuncCall", "GroupingFunc",
        "MinMaxExpr", "NamedArgExpr", "NullTest", "RowExpr", "SQLValueFunction", "SubLink", "TypeCast",
        "TypeName",
        // lists and what is in them
        "Integer", "List", "String"};
    return nodes;
}

bool holds(const Statement& statement, std::initializer_list<std::string_view> types) {
    bool found = false;
    each_node(statement.statements(), [&](const Node& node) {
        for (std::string_view type : types) found = found || node.type == type;
    });
    return found;
}

}  // namespace

void one_statement(const Statement& statement, Findings& out) {
    auto count = statement.statements().Size();
    if (count == 0) refuse(out, "There is no statement. Write one SELECT.");
    if (count > 1) refuse(out, fmt::format("There are {} statements. Write exactly one SELECT.", count));
}

void select_only(const Statement& statement, Findings& out) {
    if (statement.select()) return;
    auto node = node_in(statement.statements()[0]["stmt"]);
    refuse(out, fmt::format("The statement is no SELECT but a {}. Write a SELECT that only reads.",
                            node ? node->type : "something else"));
}

/// Not even inside of a WITH clause.
void no_writing(const Statement& statement, Findings& out) {
    if (holds(statement, {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"}))
        refuse(out, "A query of the WITH clause writes. Leave INSERT, UPDATE, DELETE and MERGE out.");
}

void no_into(const Statement& statement, Findings& out) {
    if (holds(statement, {"IntoClause"})) refuse(out, "SELECT INTO makes a table. Leave INTO out.");
}

void no_locking(const Statement& statement, Findings& out) {
    if (holds(statement, {"LockingClause"}))
        refuse(out, "FOR UPDATE, FOR SHARE and the like lock rows. Leave the locking clause out.");
}

void no_parameters(const Statement& statement, Findings& out) {
    if (holds(statement, {"ParamRef"}))
        refuse(out, "Parameters such as $1 have no value here. Write the values as literals.");
}

void no_sampling(const Statement& statement, Findings& out) {
    if (holds(statement, {"RangeTableSample"}))
        refuse(out,
               "TABLESAMPLE is not accepted. Read the table, and use ORDER BY random() with a LIMIT if need "
               "be.");
}

void accepted_syntax(const Statement& statement, Findings& out) {
    std::unordered_set<std::string_view> refused;
    each_node(statement.statements(), [&](const Node& node) {
        if (!accepted_nodes().contains(node.type) && refused.insert(node.type).second)
            refuse(out, fmt::format("{} is not among the parts of SQL that are accepted. Do without it.",
                                    node.type));
    });
}

}  // namespace spotter::work::sql::rule
