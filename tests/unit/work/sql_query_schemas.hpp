#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <random>
#include <string>
#include <vector>

#include "base/json.hpp"

/// Random schemas and questions about them, for tests that try many. The same ones for the same seed
/// everywhere: the standard's distributions are not.
namespace spotter::work::sql::fixture {

struct RandomColumn {
    std::string name, words, type;
    std::vector<std::string> labels;
};
struct RandomTable {
    std::string name, words;  ///< `words`: as a person says it
    std::vector<RandomColumn> columns;
    int parent = -1;  ///< the table that its column "…_ref" points at

    const RandomColumn* of_type(const std::string& type) const {
        for (const RandomColumn& column : columns)
            if (column.type == type) return &column;
        return nullptr;
    }
};

/// How the names of a schema are chosen.
enum class Naming {
    plain,  ///< words that mean nothing else, written in one of the usual ways
    wild,  ///< keywords, quotes, blanks, other scripts, words that a question is made of, the same name twice
};

class RandomSchema {
  public:
    RandomSchema(unsigned seed, Naming names) : random_(seed), names_(names) {
        const int count = below(20) == 0 ? 200 : 1 + below(8);
        for (int i = 0; i < count; ++i) add_table(i);
    }

    const std::vector<RandomTable>& tables() const { return tables_; }

    /// A question of one of the forms that the planner knows.
    std::string question() {
        const RandomTable& table = tables_[index(tables_.size())];
        std::vector<std::string> forms = {
            "list all " + table.words,
            "How many " + table.words + " are there?",
            "show the latest 5 " + table.words,
            "number of " + table.words + " per month",
            table.words + " from last week",
            table.words + " since 2024",
            fmt::format("distinct {} of {}", table.columns[1].words, table.words),
            fmt::format("{} where {} is null", table.words, table.columns[2].words),
        };
        add_forms_of_types(table, forms);
        add_forms_of_relations(table, forms);
        return forms[index(forms.size())];
    }

    /// Words of questions and names in any order.
    std::string gibberish() {
        constexpr const char* words[] = {
            "how",   "many",    "top",  "5",     "latest", "per",   "by",       "of",    "with",
            "their", "without", "over", "100",   "is",     "null",  "between",  "and",   "last",
            "month", "named",   "Ana",  "'x;y'", "total",  "where", "average",  "count", "most",
            "not",   "or",      "sum",  "since", "2024",   "in",    "distinct", "first"};
        std::string text;
        for (int i = 1 + below(12); i > 0; --i) {
            const RandomTable& table = tables_[index(tables_.size())];
            int kind = below(4);
            text += kind == 0   ? table.words
                    : kind == 1 ? table.columns[index(table.columns.size())].words
                                : std::string(words[index(std::size(words))]);
            text += " ";
        }
        return text;
    }

    /// As the pipeline hands it over.
    std::string json() const {
        std::vector<std::string> tables;
        for (const RandomTable& table : tables_) tables.push_back(table_json(table));
        return fmt::format(R"({{"search_path":["public"],"tables":[{}]}})", fmt::join(tables, ","));
    }

  private:
    int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
    std::size_t index(std::size_t size) { return random_() % size; }

    /// "zantor": two syllables that no other word here shares.
    std::string noun(int number) {
        constexpr const char* first[] = {"zan",  "quel", "blor", "frun", "dwim",
                                         "skol", "vrat", "plin", "glub", "trox"};
        constexpr const char* last[] = {"tor", "dak", "vim", "pol",  "zek",
                                        "mun", "gar", "bix", "loft", "rud"};
        std::string out = first[number / 10 % 10] + std::string(last[number % 10]);
        for (number /= 100; number > 0; number /= 10) out += first[number % 10];
        return out;
    }

    /// `words` as a name in one of the usual ways.
    std::string written(const std::vector<std::string>& words) {
        std::string name;
        const int style = below(4);
        for (const std::string& word : words) {
            std::string next = word;
            if (style == 1 || (style == 2 && !name.empty())) next[0] = static_cast<char>(next[0] - 'a' + 'A');
            name += (style == 0 && !name.empty() ? "_" : style == 3 && !name.empty() ? " " : "") + next;
        }
        return name;
    }

    std::pair<std::string, std::string> name(int number, bool plural) {
        constexpr const char* wild[] = {
            "select", "order",   "group", "user",       "table",  "from",       "we\"ird",
            "a b c",  "заказы",  "count", "latest",     "by",     "total",      "CamelCase",
            "where",  "'quoted", "naïve", "x.y",        "0start", "top",        "with",
            "all",    "not",     "limit", "$dollar",    "month",  "{{schema}}", "列",
            "_",      "null",    "is",    "ORDER BY 1", "--",     "/*x*/",      "back\\slash"};
        if (names_ == Naming::wild && below(2) == 0) {
            std::string word = wild[index(std::size(wild))];
            return {word, word};
        }
        std::vector<std::string> words{noun(number)};
        if (below(3) == 0) words.push_back(noun(number + 37));
        if (plural) words.back() += "s";
        return {written(words), fmt::format("{}", fmt::join(words, " "))};
    }

    void add_table(int number) {
        constexpr const char* types[] = {"integer",       "text",    "timestamp with time zone",
                                         "numeric(10,2)", "boolean", "choice",
                                         "jsonb",         "date",    "uuid",
                                         "text[]",        "json",    "interval"};
        RandomTable table;
        std::tie(table.name, table.words) = name(number, true);
        table.columns.push_back({"id", "id", "integer", {}});
        for (int i = 0; i < 12; ++i) {
            // The first four types are everywhere; of the others some.
            if (i >= 4 && below(3) == 0) continue;
            RandomColumn column;
            std::tie(column.name, column.words) = name(300 + 20 * number + i, false);
            column.type = types[i];
            if (column.type == "choice") {
                column.type = fmt::format("kind_{}", number);
                column.labels = {noun(700 + number), "on hold", "it's"};
            }
            table.columns.push_back(std::move(column));
        }
        if (number > 0 && below(3) != 0) {
            table.parent = below(number);
            table.columns.push_back({fmt::format("ref_{}", number), "reference", "integer", {}});
        }
        tables_.push_back(std::move(table));
    }

    void add_forms_of_types(const RandomTable& table, std::vector<std::string>& forms) {
        const std::string &text = table.of_type("text")->words,
                          &number = table.of_type("numeric(10,2)")->words, &whole = table.columns[1].words,
                          &time = table.of_type("timestamp with time zone")->words;
        for (std::string form : {fmt::format("{} where {} is \"O'Brien\\\"", table.words, text),
                                 fmt::format("{} whose {} contains '50%_'", table.words, text),
                                 fmt::format("{} with {} over 1,200.50", table.words, number),
                                 fmt::format("{} where {} is between 1 and 5", table.words, whole),
                                 fmt::format("top 5 {} by {}", table.words, number),
                                 fmt::format("average {} of {}", number, table.words),
                                 fmt::format("sum of {} of {} per {}", number, table.words, text),
                                 fmt::format("maximum {} of {}", number, table.words),
                                 fmt::format("{} where {} is before 2024-03-01", table.words, time),
                                 fmt::format("{} sorted by {} descending", table.words, number)})
            forms.push_back(std::move(form));
        for (const RandomColumn& column : table.columns)
            if (!column.labels.empty())
                for (const std::string& label : column.labels)
                    forms.push_back(fmt::format("{} where {} is \"{}\"", table.words, column.words, label));
    }

    void add_forms_of_relations(const RandomTable& table, std::vector<std::string>& forms) {
        if (table.parent < 0 || &tables_[static_cast<std::size_t>(table.parent)] == &table) return;
        const std::string& parent = tables_[static_cast<std::size_t>(table.parent)].words;
        for (std::string form : {fmt::format("number of {} per {}", table.words, parent),
                                 fmt::format("{} without {}", parent, table.words),
                                 fmt::format("{} with their {}", parent, table.words),
                                 fmt::format("{} with more than 3 {}", parent, table.words),
                                 fmt::format("{} with the most {}", parent, table.words)})
            forms.push_back(std::move(form));
    }

    std::string table_json(const RandomTable& table) const {
        std::vector<std::string> columns;
        for (const RandomColumn& column : table.columns) {
            std::vector<std::string> labels;
            for (const std::string& label : column.labels) labels.push_back(json::quoted(label));
            columns.push_back(fmt::format(
                R"({{"name":{},"type":{}{}}})", json::quoted(column.name), json::quoted(column.type),
                labels.empty() ? "" : fmt::format(R"(,"labels":[{}])", fmt::join(labels, ","))));
        }
        std::string keys;
        if (table.parent >= 0)
            keys = fmt::format(R"({{"columns":[{}],"schema":"public","table":{},"references":["id"]}})",
                               json::quoted(table.columns.back().name),
                               json::quoted(tables_[static_cast<std::size_t>(table.parent)].name));
        return fmt::format(
            R"({{"schema":"public","name":{},"kind":"table","columns":[{}],"primary_key":["id"],"foreign_keys":[{}]}})",
            json::quoted(table.name), fmt::join(columns, ","), keys);
    }

    std::mt19937 random_;
    const Naming names_;
    std::vector<RandomTable> tables_;
};

}  // namespace spotter::work::sql::fixture
