#include "cache/parts.hpp"

#include <functional>

#include "base/json.hpp"

namespace spotter::cache {
namespace {

const db::Statement find_statement{"find_parts", R"sql(
select p.key, p.answer, p.provider, p.model, p.generated_at
  from spotter.part p
 where p.key = any (array(select jsonb_array_elements_text($1::jsonb))))sql"};

const db::Statement keep_statement{"keep_part", R"sql(
insert into spotter.part (key, kind, user_id, answer, provider, model, generated_at)
select $2, j.kind, j.user_id, $3, $4, $5, $6 from spotter.job j where j.id = $1::uuid
    on conflict (key) do nothing)sql"};

const db::Statement forget_statement{"forget_parts", R"sql(
delete from spotter.part p where p.key = any (array(select jsonb_array_elements_text($1::jsonb))))sql"};

}  // namespace

Answer<std::vector<Part>> find_parts(db::Pool& pool, std::vector<std::string> keys) {
    std::string listed = json::quoted(keys);
    auto work = [&](db::Session& session) {
        std::vector<Part> parts;
        for (const auto& row : session.run(find_statement, listed))
            parts.push_back({row[0].c_str(), row[1].c_str(), row[2].c_str(), row[3].c_str(), row[4].c_str()});
        return parts;
    };
    co_return co_await pool.run(std::ref(work));
}

Answer<void> keep_part(db::Pool& pool, std::string row, Part part) {
    auto work = [&](db::Session& session) {
        session.run(keep_statement, row, part.key, part.answer, part.provider, part.model, part.generated_at);
    };
    co_return co_await pool.run(std::ref(work));
}

Answer<void> forget_parts(db::Pool& pool, std::vector<std::string> keys) {
    std::string listed = json::quoted(keys);
    auto work = [&](db::Session& session) { session.run(forget_statement, listed); };
    co_return co_await pool.run(std::ref(work));
}

}  // namespace spotter::cache
