#pragma once

#include "db/migrator.hpp"
#include "integration/schema/sql_query_fixture.hpp"

namespace spotter::test {

/// A database with the app of tests/data, of which the reader may see what is not hidden.
inline Database shop_database() {
    Database db = empty_database();
    sql(db, source_file("tests/data/sql_schema.sql"));
    spotter::db::migrate(db.dsn()).value();
    sql(db,
        "grant usage on schema auth, sales to spotter_reader; "
        "grant select on auth.users, sales.invoices, users, categories, products, orders, order_items, "
        "payments, reviews, employees, events, \"Customer Notes\", active_users, daily_sales "
        "to spotter_reader");
    return db;
}

}  // namespace spotter::test
