#include "work/sql_query/answer.hpp"

#include <fmt/format.h>

#include "work/answer_schema.hpp"
#include "work/sql_query/row_limit.hpp"
#include "work/sql_query/rules.hpp"
#include "work/words.hpp"

namespace spotter::work::sql {
namespace {

constexpr std::size_t longest_explanation = 1000;  ///< characters

const AnswerSchema& answer_schema() {
    static const AnswerSchema schema(schema_file("lib/work/sql_query/output.schema.json"));
    return schema;
}

Violation rejection(std::string_view path, std::string_view rule, std::string message) {
    return {Violation::Severity::reject, std::string(path), std::string(rule), std::move(message)};
}

std::string quoted_or_null(const std::optional<std::string>& text) {
    return text ? json::quoted(*text) : "null";
}

Verdict rejected(Violation violation) {
    Verdict verdict;
    verdict.violations.push_back(std::move(violation));
    return verdict;
}

Verdict unanswered(const std::optional<std::string>& explanation) {
    return rejected(rejection(
        "/sql", cannot_answer,
        explanation.value_or("The question cannot be answered from the tables that you may read.")));
}

/// The statement as it is stored, limited, and the rules that it breaks. What is kept passed them as it is
/// kept.
Verdict check_statement(std::string_view sql, const Schema& schema) {
    auto refused = [](const Error& error) { return rejected(rejection("/sql", "parses", error.message)); };
    auto statement = Statement::parse(std::string(sql));
    if (!statement) return refused(statement.error());
    Verdict verdict;
    verdict.violations = check_shape(*statement);
    if (!verdict.valid()) return verdict;
    auto plain = statement->rewritten();
    if (!plain) return refused(plain.error());
    verdict.violations = check_rules(*plain, schema);
    if (!verdict.valid()) return verdict;
    auto stored = with_row_limit(*plain);
    if (!stored) return refused(stored.error());
    verdict.violations = check_rules(*stored, schema);
    if (verdict.valid()) verdict.statement = stored->text();
    return verdict;
}

}  // namespace

std::string_view schema_text() {
    return answer_schema().text();
}

std::string write_answer(std::string_view sql, std::string_view explanation) {
    return fmt::format(R"({{"sql":{},"explanation":{}}})", json::quoted(sql), json::quoted(explanation));
}

Verdict check_answer(std::string_view text, const Question& question) {
    ReadAnswer answer = answer_schema().read(text);
    if (!answer.violations.empty()) {
        Verdict verdict;
        verdict.violations = std::move(answer.violations);
        return verdict;
    }
    std::optional<std::string> explanation;
    if (auto said = json::text(answer.document, "explanation"); said && !trimmed(*said).empty())
        explanation = excerpt(trimmed(*said), longest_explanation);
    std::string_view sql = trimmed(*json::text(answer.document, "sql"));
    if (sql.empty()) return unanswered(explanation);
    Verdict verdict = check_statement(sql, question.schema());
    if (!verdict.valid()) return verdict;
    verdict.content = fmt::format(R"({{"sql":{},"validated":true,"schema_version":{},"explanation":{}}})",
                                  json::quoted(verdict.statement), quoted_or_null(question.schema_version),
                                  quoted_or_null(explanation));
    verdict.columns = "{}";
    return verdict;
}

}  // namespace spotter::work::sql
