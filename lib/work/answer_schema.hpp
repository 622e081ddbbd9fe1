#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "work/kind.hpp"

namespace spotter::work {

/// A model's answer, read.
struct ReadAnswer {
    json::Document document;  ///< what the schema knows of the answer, without nulls
    std::vector<Violation>
        violations;  ///< of JSON and schema; the document is not to be read when there is one
};

/// The schema of a kind's answers, the one source of what is asked for and what is checked.
class AnswerSchema {
  public:
    /// `schema` is strict: every property is required, and null stands for what may be missing.
    explicit AnswerSchema(json::Document schema);
    ~AnswerSchema();
    AnswerSchema(const AnswerSchema&) = delete;
    AnswerSchema& operator=(const AnswerSchema&) = delete;

    /// As a model is given it, without spaces.
    std::string_view text() const { return text_; }

    /// Parses and validates. Kinder than the schema that is asked for, since not every server enforces one:
    /// what is nullable may be missing, and what the schema does not know is left out. Never throws for any
    /// text.
    ReadAnswer read(std::string_view answer) const;

  private:
    struct Compiled;
    std::string text_;
    std::unique_ptr<Compiled> compiled_;
};

/// The schema in a file of the tree, "lib/work/exercise/term_matching.schema.json".
json::Document schema_file(std::string_view path);

/// `visit(object)` with every schema of an object in `schema`, from the outside in.
template <class Visit>
void each_object(json::Value& schema, Visit visit) {
    if (schema.HasMember("properties")) {
        visit(schema);
        for (auto& property : schema["properties"].GetObject()) each_object(property.value, visit);
    }
    if (schema.HasMember("items")) each_object(schema["items"], visit);
}

/// Takes out of an object's "required" whatever `drop(name)` names.
template <class Drop>
void do_not_require(json::Value& object, Drop drop) {
    json::Value& required = object["required"];
    for (auto name = required.Begin(); name != required.End();)
        name = drop(json::view(*name)) ? required.Erase(name) : name + 1;
}

}  // namespace spotter::work
