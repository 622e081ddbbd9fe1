#include "work/exercise/content.hpp"

#include <fmt/format.h>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "work/validation_notes.hpp"

namespace spotter::work::exercises {
namespace {

/// Puts members into objects of one document.
class Editor {
  public:
    explicit Editor(json::Document& document) : allocator_(document.GetAllocator()) {}

    void set(json::Value& object, std::string_view key, json::Value value) {
        json::Value name(rapidjson::StringRef(key.data(), key.size()));
        object.RemoveMember(name);
        object.AddMember(name, std::move(value), allocator_);
    }
    void set(json::Value& object, std::string_view key, const std::string& text) {
        set(object, key, json::Value(text, allocator_));
    }
    void set(json::Value& object, std::string_view key, const std::vector<std::string>& texts) {
        json::Value array(rapidjson::kArrayType);
        for (const std::string& text : texts) array.PushBack(json::Value(text, allocator_), allocator_);
        set(object, key, std::move(array));
    }

  private:
    json::Document::AllocatorType& allocator_;
};

/// The row's own picture for the correct species; otherwise the rules have seen to it that there is one.
std::string picture_of_option(std::string_view species, bool is_correct, const Request& request) {
    if (is_correct && request.image_url) return *request.image_url;
    return picture_of_term(*pictured(species));
}

void add_options(json::Document& answer, const Request& request, Editor& edit) {
    const std::string correct(json::view(answer["correctSpecies"]));
    std::string correct_id;
    for (json::Value& option : answer["options"].GetArray()) {
        std::string id = fmt::format("option_{}", &option - answer["options"].Begin() + 1);
        std::string_view species = json::view(option["species"]);
        if (species == correct) correct_id = id;
        edit.set(option, "imageUrl", picture_of_option(species, species == correct, request));
        edit.set(option, "id", id);
    }
    answer.RemoveMember("correctSpecies");
    edit.set(answer, "correctOptionId", correct_id);
}

void add_labels(json::Document& answer, const Picture& picture, Editor& edit) {
    const auto target = json::text(answer, "targetTerm");
    std::string target_id;
    for (json::Value& label : answer["labels"].GetArray()) {
        std::string id = fmt::format("label_{}", &label - answer["labels"].Begin() + 1);
        if (json::text(label, "term") == target) target_id = id;
        edit.set(label, "id", id);
    }
    if (target) edit.set(answer, "correctLabelId", target_id);
    edit.set(answer, "imageUrl", picture.url);
    edit.set(answer["metadata"], "positions", std::string(picture.map ? "known" : "estimated"));
}

void add_pictures(json::Document& answer, const Assignment& assignment, Editor& edit) {
    switch (assignment.request.type) {
        case Type::contextual_fill:
        case Type::term_matching:
            return;
        case Type::visual_discrimination:
            return add_options(answer, assignment.request, edit);
        case Type::visual_identification:
        case Type::image_labeling:
            return add_labels(answer, assignment.picture, edit);
    }
}

std::string id_of(const json::Value& exercise) {
    boost::uuids::name_generator_sha1 id(boost::uuids::ns::oid());
    return boost::uuids::to_string(id(json::write(exercise)));
}

}  // namespace

std::string stored_content(json::Document answer, const Assignment& assignment, const Stamp& stamp) {
    const Request& request = assignment.request;
    Editor edit(answer);
    if (!answer.HasMember("metadata")) edit.set(answer, "metadata", json::Value(rapidjson::kObjectType));
    edit.set(answer["metadata"], "difficulty", json::Value(request.difficulty));
    if (!request.topics.empty() || !answer["metadata"].HasMember("topics"))
        edit.set(answer["metadata"], "topics", request.topics);
    add_pictures(answer, assignment, edit);
    edit.set(answer, "id", id_of(answer));
    edit.set(answer["metadata"], "generatedAt", stamp.generated_at);
    edit.set(answer["metadata"], "model", stamp.model);
    return json::write(answer);
}

std::string stored_columns(const std::vector<Violation>& violations) {
    return fmt::format(R"({{"metadata":{{"validationNotes":{}}}}})", validation_notes(violations));
}

}  // namespace spotter::work::exercises
