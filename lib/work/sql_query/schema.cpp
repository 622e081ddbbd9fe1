#include "work/sql_query/schema.hpp"

#include <fmt/format.h>

#include "work/sql_query/stems.hpp"

namespace spotter::work::sql {
namespace {

/// What stands in our way is our own service's doing, and not the asker's.
struct Malformed {
    std::string what;
};

std::string name_in(const json::Value& value, std::string_view key, std::string_view whose) {
    auto name = json::text(value, key);
    if (!name || name->empty()) throw Malformed{fmt::format("{} without \"{}\"", whose, key)};
    return std::string(*name);
}

std::string text_in(const json::Value& value, std::string_view key) {
    return std::string(json::text(value, key).value_or(""));
}

template <class Take>
void each_in(const json::Value& value, std::string_view key, Take take) {
    const json::Value* list = json::find(value, key);
    if (!list || list->IsNull()) return;
    if (!list->IsArray()) throw Malformed{fmt::format("\"{}\" that is no array", key)};
    for (const json::Value& item : list->GetArray()) take(item);
}

std::vector<std::string> texts_in(const json::Value& value, std::string_view key) {
    std::vector<std::string> out;
    each_in(value, key, [&](const json::Value& item) {
        if (!item.IsString()) throw Malformed{fmt::format("something in \"{}\" that is no text", key)};
        out.emplace_back(json::view(item));
    });
    return out;
}

Column read_column(const json::Value& value) {
    Column column;
    column.name = name_in(value, "name", "a column");
    column.type = name_in(value, "type", "a column");
    column.comment = text_in(value, "comment");
    column.nullable = json::boolean(value, "nullable").value_or(true);
    column.labels = texts_in(value, "labels");
    column.name_stems = stems(column.name);
    column.comment_stems = stems(column.comment);
    for (const std::string& label : column.labels) column.label_stems.push_back(stems(label));
    return column;
}

ForeignKey read_foreign_key(const json::Value& value) {
    ForeignKey key{texts_in(value, "columns"), name_in(value, "schema", "a foreign key"),
                   name_in(value, "table", "a foreign key"), texts_in(value, "references")};
    if (key.columns.size() != key.references.size())
        throw Malformed{"a foreign key with more columns on one side than on the other"};
    return key;
}

Table read_table(const json::Value& value) {
    Table table;
    table.schema = name_in(value, "schema", "a table");
    table.name = name_in(value, "name", "a table");
    table.kind = text_in(value, "kind");
    table.comment = text_in(value, "comment");
    table.partial = json::boolean(value, "partial").value_or(false);
    table.rows = json::number(value, "rows").value_or(-1);
    each_in(value, "columns", [&](const json::Value& item) { table.columns.push_back(read_column(item)); });
    table.primary_key = texts_in(value, "primary_key");
    each_in(value, "foreign_keys",
            [&](const json::Value& item) { table.foreign_keys.push_back(read_foreign_key(item)); });
    table.name_stems = stems(table.name);
    table.comment_stems = stems(table.comment);
    return table;
}

}  // namespace

const Column* Table::column(std::string_view wanted) const {
    for (const Column& column : columns)
        if (column.name == wanted) return &column;
    return nullptr;
}

Result<Schema> Schema::read(const json::Value& value) try {
    if (!value.IsObject()) throw Malformed{"no object"};
    Schema schema;
    schema.search_path_ = texts_in(value, "search_path");
    if (auto version = json::text(value, "version")) schema.version_ = std::string(*version);
    for (std::string& name : texts_in(value, "overloads")) schema.overloads_.insert(std::move(name));
    each_in(value, "tables", [&](const json::Value& item) { schema.add(read_table(item)); });
    return schema;
} catch (const Malformed& malformed) {
    return Error{"invalid_input",
                 fmt::format("The database's schema came as something that cannot be read ({}). Tell whoever "
                             "runs this service; the question itself is not at fault.",
                             malformed.what)};
}

void Schema::add(Table table) {
    places_.emplace(std::pair(table.schema, table.name), tables_.size());
    tables_.push_back(std::move(table));
}

const Table* Schema::find(const std::string& schema, const std::string& name) const {
    auto place = places_.find({schema, name});
    return place == places_.end() ? nullptr : &tables_[place->second];
}

const Table* Schema::find(const std::string& name) const {
    for (const std::string& schema : search_path_)
        if (const Table* table = find(schema, name)) return table;
    return nullptr;
}

Result<std::shared_ptr<const Schema>> schema_of(std::string_view text) {
    thread_local std::string last_text;
    thread_local std::shared_ptr<const Schema> last;
    if (last && text == last_text) return last;
    const json::Value nothing;
    auto document = json::parse(text);
    auto schema = Schema::read(document ? *document : nothing);
    if (!schema) return schema.error();
    last_text = text;
    last = std::make_shared<const Schema>(std::move(*schema));
    return last;
}

}  // namespace spotter::work::sql
