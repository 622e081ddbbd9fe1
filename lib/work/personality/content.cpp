#include "work/personality/content.hpp"

#include "work/personality/trait_names.hpp"

namespace spotter::work::persona {
namespace {

class Members {
  public:
    explicit Members(json::Document& document) : document_(document) {}

    void number(json::Value& object, std::string_view key, int value) {
        add(object, key, json::Value(value));
    }
    void text(json::Value& object, std::string_view key, const std::string& value) {
        add(object, key, json::Value(value, document_.GetAllocator()));
    }
    void add(json::Value& object, std::string_view key, json::Value value) {
        object.AddMember(json::Value(rapidjson::StringRef(key.data(), key.size())), value,
                         document_.GetAllocator());
    }

  private:
    json::Document& document_;
};

/// The known names live as long as the program does.
void put_canonical(json::Value& name) {
    std::string_view said = json::view(name), known = canonical_trait(said);
    if (known != said) name.SetString(rapidjson::StringRef(known.data(), known.size()));
}

}  // namespace

std::string stored_content(json::Document answer, const Basis& basis, const Stamp& stamp) {
    for (json::Value& trait : answer["traits"].GetArray()) {
        put_canonical(trait["name"]);
        if (trait.HasMember("relatedTraits"))
            for (json::Value& related : trait["relatedTraits"].GetArray()) put_canonical(related);
    }
    answer.RemoveMember("coverage");
    Members members(answer);
    members.number(answer, "postsGiven", basis.posts_given);
    members.number(answer, "postsAnalysed", basis.posts_analysed);
    json::Value chunks(rapidjson::kObjectType);
    members.number(chunks, "answered", basis.parts_answered);
    members.number(chunks, "of", basis.parts);
    members.add(answer, "chunks", std::move(chunks));
    members.text(answer, "generatedAt", stamp.generated_at);
    members.text(answer, "model", stamp.model);
    return json::write(answer);
}

}  // namespace spotter::work::persona
