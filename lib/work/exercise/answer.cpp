#include "work/exercise/answer.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>

#include "work/exercise/data_file.hpp"

namespace spotter::work::exercises {
namespace {

std::map<Type, std::unique_ptr<AnswerSchema>> load() {
    std::map<Type, std::unique_ptr<AnswerSchema>> schemas;
    for (Type type : types)
        schemas[type] = std::make_unique<AnswerSchema>(
            schema_file(fmt::format("lib/work/exercise/{}.schema.json", name(type))));
    return schemas;
}

std::string text_or_nothing(const json::Value& object, std::string_view key) {
    return std::string(json::text(object, key).value_or(""));
}

Label read_label(const json::Value& value) {
    const json::Value& position = value["correctPosition"];
    return {data::text(value, "term"), {position["x"].GetDouble(), position["y"].GetDouble()}};
}

}  // namespace

const AnswerSchema& schema_of(Type type) {
    static const auto schemas = load();
    return *schemas.at(type);
}

Fill read_fill(const json::Value& answer) {
    return {data::text(answer, "sentence"),
            data::text(answer, "correctAnswer"),
            data::texts(answer, "options"),
            {data::text(answer, "instructions"), text_or_nothing(answer, "prompt")}};
}

Matching read_matching(const json::Value& answer) {
    auto read_pair = [](const json::Value& pair) {
        return Pair{data::text(pair, "spanish"), data::text(pair, "english")};
    };
    return {data::texts(answer, "spanishTerms"), data::texts(answer, "englishTerms"),
            data::list<Pair>(answer, "correctPairs", read_pair)};
}

Discrimination read_discrimination(const json::Value& answer) {
    auto read_species = [](const json::Value& option) { return data::text(option, "species"); };
    return {data::text(answer, "targetTerm"), data::list<std::string>(answer, "options", read_species),
            data::text(answer, "correctSpecies")};
}

Labelling read_labelling(const json::Value& answer) {
    return {text_or_nothing(answer, "prompt"), text_or_nothing(answer, "targetTerm"),
            data::list(answer, "labels", read_label)};
}

}  // namespace spotter::work::exercises
