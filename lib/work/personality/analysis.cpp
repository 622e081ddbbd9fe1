#include "work/personality/analysis.hpp"

#include <fmt/format.h>

#include "work/answer_writer.hpp"

namespace spotter::work::persona {
namespace {

std::string text(const json::Value& object, std::string_view key) {
    return std::string(json::text(object, key).value_or(""));
}

/// A number that is no integer, or none that fits, reads as -1, which is out of every range.
int integer(const json::Value& object, std::string_view key) {
    return json::integer(object, key).value_or(-1);
}

std::vector<std::string> texts(const json::Value& object, std::string_view key) {
    std::vector<std::string> out;
    if (const json::Value* list = json::find(object, key))
        for (const json::Value& item : list->GetArray()) out.emplace_back(json::view(item));
    return out;
}

}  // namespace

Analysis read_analysis(const json::Value& answer) {
    Analysis out;
    out.summary = text(answer, "summary");
    for (const json::Value& trait : answer["traits"].GetArray())
        out.traits.push_back({text(trait, "name"), integer(trait, "score"), text(trait, "explanation"),
                              text(trait, "details"), texts(trait, "relatedTraits")});
    out.interests = texts(answer, "interests");
    const json::Value& style = answer["communicationStyle"];
    out.style = {integer(style, "formality"), integer(style, "enthusiasm"), integer(style, "technicalLevel"),
                 integer(style, "emojiUsage"), text(style, "description")};
    out.topics = texts(answer, "topicsAndThemes");
    out.tone = text(answer, "emotionalTone");
    return out;
}

std::vector<Said> texts_of(const Analysis& analysis) {
    std::vector<Said> out;
    auto list = [&](std::string_view path, const std::vector<std::string>& texts) {
        for (std::size_t i = 0; i < texts.size(); ++i)
            out.push_back({fmt::format("{}/{}", path, i), texts[i]});
    };
    out.push_back({"/summary", analysis.summary});
    for (std::size_t i = 0; i < analysis.traits.size(); ++i) {
        const Trait& trait = analysis.traits[i];
        const std::string path = fmt::format("/traits/{}", i);
        out.push_back({path + "/name", trait.name});
        out.push_back({path + "/explanation", trait.explanation});
        out.push_back({path + "/details", trait.details});
        list(path + "/relatedTraits", trait.related);
    }
    list("/interests", analysis.interests);
    out.push_back({"/communicationStyle/description", analysis.style.description});
    list("/topicsAndThemes", analysis.topics);
    return out;
}

std::optional<Coverage> read_coverage(const json::Value& answer) {
    const json::Value* coverage = json::find(answer, "coverage");
    if (!coverage) return std::nullopt;
    return Coverage{integer(*coverage, "parts"), integer(*coverage, "answered"), integer(*coverage, "posts")};
}

std::string write_answer(const Analysis& analysis, const std::optional<Coverage>& coverage) {
    AnswerWriter out;
    out.open();
    out.member("summary", analysis.summary);
    out.array("traits", analysis.traits, [&](const Trait& trait) {
        out.open();
        out.member("name", trait.name);
        out.member("score", trait.score);
        out.member("explanation", trait.explanation);
        out.said("details", trait.details);
        out.member("relatedTraits", trait.related);
        out.close();
    });
    out.member("interests", analysis.interests);
    out.object("communicationStyle");
    out.member("formality", analysis.style.formality);
    out.member("enthusiasm", analysis.style.enthusiasm);
    out.member("technicalLevel", analysis.style.technical_level);
    out.member("emojiUsage", analysis.style.emoji_usage);
    out.member("description", analysis.style.description);
    out.close();
    out.member("topicsAndThemes", analysis.topics);
    out.member("emotionalTone", analysis.tone);
    if (coverage) {
        out.object("coverage");
        out.member("parts", coverage->parts);
        out.member("answered", coverage->answered);
        out.member("posts", coverage->posts);
        out.close();
    }
    out.close();
    return out.text();
}

}  // namespace spotter::work::persona
