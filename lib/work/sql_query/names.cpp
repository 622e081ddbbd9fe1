#include "work/sql_query/names.hpp"

#include "work/sql_query/names/resolver.hpp"

namespace spotter::work::sql {

Names resolve(const json::Value& select, const Schema& schema) {
    Resolver resolver(schema);
    resolver.read(select, nullptr);
    return resolver.take();
}

}  // namespace spotter::work::sql
