#include "base/json.hpp"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace spotter::json {
namespace {

constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseFullPrecisionFlag;

/// Forwards to the document's own handler, and stops the parser at what we do not take.
class BoundedHandler {
  public:
    BoundedHandler(Document& document, int deepest) : document_(document), deepest_(deepest) {}

    const char* refusal() const { return refusal_; }

    bool Null() { return document_.Null(); }
    bool Bool(bool b) { return document_.Bool(b); }
    bool Int(int i) { return document_.Int(i); }
    bool Uint(unsigned i) { return document_.Uint(i); }
    bool Int64(std::int64_t i) { return document_.Int64(i); }
    bool Uint64(std::uint64_t i) { return document_.Uint64(i); }
    bool Double(double d) { return document_.Double(d); }
    bool RawNumber(const char* s, rapidjson::SizeType n, bool copy) {
        return document_.RawNumber(s, n, copy);
    }
    bool String(const char* s, rapidjson::SizeType n, bool copy) {
        return storable(s, n) && document_.String(s, n, copy);
    }
    bool Key(const char* s, rapidjson::SizeType n, bool copy) {
        return storable(s, n) && document_.Key(s, n, copy);
    }
    bool StartObject() { return deeper() && document_.StartObject(); }
    bool StartArray() { return deeper() && document_.StartArray(); }
    bool EndObject(rapidjson::SizeType n) { return --depth_, document_.EndObject(n); }
    bool EndArray(rapidjson::SizeType n) { return --depth_, document_.EndArray(n); }

  private:
    bool storable(const char* s, rapidjson::SizeType n) {
        if (!std::memchr(s, 0, n)) return true;
        refusal_ = "a string holds the character NUL";
        return false;
    }
    bool deeper() {
        if (++depth_ <= deepest_) return true;
        refusal_ = "the nesting is too deep";
        return false;
    }

    Document& document_;
    const int deepest_;
    int depth_ = 0;
    const char* refusal_ = nullptr;
};

}  // namespace

Result<Document> parse(std::string_view text, int deepest) {
    Document document;
    std::string problem;
    auto generate = [&](Document& into) {
        rapidjson::MemoryStream stream(text.data(), text.size());
        BoundedHandler handler(into, deepest);
        rapidjson::Reader reader;
        auto outcome = reader.Parse<parse_flags>(stream, handler);
        if (outcome) return true;
        problem =
            fmt::format("{} at byte {}",
                        handler.refusal() ? handler.refusal() : rapidjson::GetParseError_En(outcome.Code()),
                        outcome.Offset());
        return false;
    };
    document.Populate(generate);
    if (!problem.empty()) return Error{"invalid_json", std::move(problem)};
    return document;
}

std::string write(const Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

std::string quoted(std::string_view text) {
    Value value(rapidjson::StringRef(text.data(), text.size()));
    return write(value);
}

std::string quoted(const std::vector<std::string>& texts) {
    std::string list;
    for (const std::string& text : texts) list += (list.empty() ? "" : ",") + json::quoted(text);
    return "[" + list + "]";
}

const Value* find(const Value& value, std::string_view key) {
    if (!value.IsObject()) return nullptr;
    auto member = value.FindMember(Value(rapidjson::StringRef(key.data(), key.size())));
    return member == value.MemberEnd() ? nullptr : &member->value;
}

std::optional<std::string_view> text(const Value& value, std::string_view key) {
    const Value* member = find(value, key);
    return member && member->IsString() ? std::optional(view(*member)) : std::nullopt;
}

std::optional<double> number(const Value& value, std::string_view key) {
    const Value* member = find(value, key);
    return member && member->IsNumber() ? std::optional(member->GetDouble()) : std::nullopt;
}

std::optional<int> integer(const Value& value, std::string_view key) {
    auto found = number(value, key);
    if (!found || std::floor(*found) != *found) return std::nullopt;
    if (std::abs(*found) > std::numeric_limits<int>::max()) return std::nullopt;
    return static_cast<int>(*found);
}

std::optional<bool> boolean(const Value& value, std::string_view key) {
    const Value* member = find(value, key);
    return member && member->IsBool() ? std::optional(member->GetBool()) : std::nullopt;
}

}  // namespace spotter::json
