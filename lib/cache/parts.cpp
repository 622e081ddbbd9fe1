#include "cache/parts.hpp"

#include <functional>

#include "base/json.hpp"

namespace spotter::cache {
namespace {

const db::Statement find_statement{
    "find_parts",
    "select p.key, p.answer, p.provider, p.model, p.generated_at from spotter.find_parts($1) p"};

const db::Statement keep_statement{
    "keep_part", "select spotter.keep_part($1, row($2, $3, $4, null, $5, $6, $7, $8, null)::spotter.part)"};

const db::Statement forget_statement{"forget_parts", "select spotter.forget_parts($1)"};

}  // namespace

Answer<std::vector<Part>> find_parts(db::Pool& pool, std::vector<std::string> keys) {
    std::string listed = json::quoted(keys);
    auto work = [&](db::Session& session) {
        std::vector<Part> parts;
        for (const auto& row : session.run(find_statement, listed))
            parts.push_back({.key = row[0].c_str(),
                             .answer = row[1].c_str(),
                             .provider = row[2].c_str(),
                             .model = row[3].c_str(),
                             .generated_at = row[4].c_str()});
        return parts;
    };
    co_return co_await pool.run(std::ref(work));
}

Answer<void> keep_part(db::Pool& pool, std::string row, Part part) {
    auto work = [&](db::Session& session) {
        session.run(keep_statement, row, part.key, part.kind, part.cache_key, part.answer, part.provider,
                    part.model, part.generated_at);
    };
    co_return co_await pool.run(std::ref(work));
}

Answer<void> forget_parts(db::Pool& pool, std::string cache_key) {
    auto work = [&](db::Session& session) { session.run(forget_statement, cache_key); };
    co_return co_await pool.run(std::ref(work));
}

}  // namespace spotter::cache
