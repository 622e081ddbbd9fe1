#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spotter::work {

/// Writes an answer's objects member by member. What is not said is null, as a strict schema wants it.
class AnswerWriter {
  public:
    std::string text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

    void open() { out_.StartObject(); }
    void close() { out_.EndObject(); }

    void member(std::string_view key, const std::string& value) { put(key), out_.String(value); }
    void member(std::string_view key, int value) { put(key), out_.Int(value); }
    void member(std::string_view key, bool value) { put(key), out_.Bool(value); }
    void member(std::string_view key, double value) { put(key), number(value); }
    void member(std::string_view key, const std::vector<std::string>& values) {
        array(key, values, [this](const std::string& value) { out_.String(value); });
    }
    template <class T>
    void member(std::string_view key, const std::optional<T>& value) {
        value ? member(key, *value) : null(key);
    }

    void null(std::string_view key) { put(key), out_.Null(); }
    void said(std::string_view key, const std::string& value) {
        value.empty() ? null(key) : member(key, value);
    }

    /// Each element of `items` by `write`.
    template <class T, class Write>
    void array(std::string_view key, const std::vector<T>& items, Write write) {
        put(key);
        out_.StartArray();
        for (const T& item : items) write(item);
        out_.EndArray();
    }

    void object(std::string_view key) { put(key), out_.StartObject(); }

  private:
    void put(std::string_view key) { out_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size())); }

    void number(double value) {
        if (std::floor(value) == value && std::abs(value) < 1e9)
            out_.Int(static_cast<int>(value));
        else
            out_.Double(value);
    }

    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> out_{buffer_};
};

}  // namespace spotter::work
