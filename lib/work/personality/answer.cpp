#include "work/personality/answer.hpp"

namespace spotter::work::persona {
namespace {

json::Document asked_schema() {
    return schema_file("lib/work/personality/output.schema.json");
}

json::Document merged_schema() {
    json::Document schema = asked_schema();
    json::Value coverage(schema_file("lib/work/personality/coverage.schema.json"), schema.GetAllocator());
    schema["properties"].AddMember("coverage", coverage, schema.GetAllocator());
    return schema;
}

const AnswerSchema& asked() {
    static const AnswerSchema schema(asked_schema());
    return schema;
}

}  // namespace

std::string_view schema_text() {
    return asked().text();
}

ReadAnswer read_answer(std::string_view text) {
    return asked().read(text);
}

ReadAnswer read_merged_answer(std::string_view text) {
    static const AnswerSchema schema(merged_schema());
    return schema.read(text);
}

}  // namespace spotter::work::persona
