#include "queue/settlement_json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace spotter::queue {
namespace {

class SettlementWriter {
  public:
    std::string write(const std::vector<Settlement>& settlements) {
        writer_.StartArray();
        for (const Settlement& settlement : settlements) one(settlement);
        writer_.EndArray();
        return {buffer_.GetString(), buffer_.GetSize()};
    }

  private:
    void one(const Settlement& s) {
        writer_.StartObject();
        text("id", s.lease.id);
        key("token").Int64(s.lease.token);
        text("status", name(s.status));
        key("calls").Int(s.calls);
        raw("content", s.content);
        raw("columns", s.columns);
        raw("metadata", s.metadata);
        text("model", s.model);
        text("cache_key", s.cache_key);
        raw("cached_asked", s.cached_asked);
        text("error_code", s.error_code);
        text("error", s.error);
        text("reason", s.reason);
        key("wait").Double(s.wait.count());
        key("spends_attempt").Bool(s.spends_attempt);
        key("alone").Bool(s.alone);
        writer_.EndObject();
    }

    rapidjson::Writer<rapidjson::StringBuffer>& key(std::string_view name) {
        writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
        return writer_;
    }
    /// Empty is NULL.
    void text(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        key(name).String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    }
    void raw(std::string_view name, std::string_view json) {
        if (json.empty()) return;
        key(name).RawValue(json.data(), json.size(), rapidjson::kObjectType);
    }

    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

}  // namespace

std::string settlements_as_json(const std::vector<Settlement>& settlements) {
    return SettlementWriter().write(settlements);
}

}  // namespace spotter::queue
