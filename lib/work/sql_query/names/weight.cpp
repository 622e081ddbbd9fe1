#include "work/sql_query/names/weight.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "work/sql_query/limits.hpp"

namespace spotter::work::sql {
namespace {

using Read = std::function<Weight(const json::Value&)>;

constexpr double bytes_a_node = 1000;
/// Digits that a number may have which is none of the statement's own, and the result of exp() and the like.
/// Postgres goes to 131,072; that much is worth assuming of no honest statement.
constexpr double digits_of_text = 1000, digits_of_power = 10'000, most_digits = 131'072;
/// To multiply or divide takes the product of both sides' digits; so many of them take as long as a node.
/// Postgres folds it while it plans, and hears of no time-out before one such step is over.
constexpr double digits_a_node = 4e6;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The number that a literal is; `otherwise` where it is none.
double number_or(const json::Value* value, double otherwise) {
    const json::Value* constant = value ? fields_of(*value, "A_Const") : nullptr;
    if (!constant) return otherwise;
    if (const json::Value* whole = json::find(*constant, "ival"))
        return json::number(*whole, "ival")
            .value_or(0);  // a negative one is left out: it makes nothing longer
    const json::Value* fraction = json::find(*constant, "fval");
    auto text = fraction ? json::text(*fraction, "fval") : std::nullopt;
    double number = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc{})
        return otherwise;
    return std::abs(number);
}

/// How long a text gets as a number, or as JSON with numbers in it: "1e100" has a hundred digits.
double digits(std::string_view text) {
    double largest = 0;
    for (auto e = text.find_first_of("eE"); e != text.npos; e = text.find_first_of("eE", e + 1)) {
        double exponent = 0;
        const char* from = text.data() + e + 1;
        if (from < text.data() + text.size() && *from == '+') ++from;
        std::from_chars(from, text.data() + text.size(), exponent, std::chars_format::fixed);
        largest = std::max(largest, std::abs(exponent));
    }
    return static_cast<double>(text.size()) + std::min(largest, most_digits);
}

/// What a number may have of digits that is made of a text of so many bytes. A table's text is an honest one.
double digits_made_of(double bytes) {
    return bytes < 4 ? digits_of_text : std::clamp(std::pow(10, bytes - 2), digits_of_text, most_digits);
}

double bytes_of_constant(const json::Value& fields) {
    for (std::string_view kind : {"sval", "bsval", "fval"})
        if (const json::Value* value = json::find(fields, kind)) {
            std::string_view text = json::text(*value, kind).value_or("");
            return kind == "bsval" ? static_cast<double>(text.size()) : digits(text);
        }
    return 1;
}

/// Beside what stands in it: types that write a value longer than it was.
double bytes_of_cast(const json::Value& fields, double inner) {
    const json::Value& type = *json::find(fields, "typeName");
    auto names = names_in(type, "names");
    std::string_view name = names.empty() ? "" : names.back();
    const auto& modifiers = list_in(type, "typmods");
    if (is_one_of(name, {"bit", "bpchar"}) && !modifiers.Empty())
        return std::max(inner, number_or(&modifiers[0], 1e9));
    if (is_one_of(name, {"bit", "varbit"})) return 4 * inner;
    if (name == "bytea") return 2 * inner;
    if (name != "numeric" || !modifiers.Empty()) return inner;
    const json::Value* constant = fields_of(*json::find(fields, "arg"), "A_Const");
    return constant ? inner : bytes_as_number(inner);
}

double bytes_of_power(double base, const json::Value* exponent) {
    return std::max(1.0, base) * std::max(1.0, number_or(exponent, digits_of_power));
}

/// The functions that make more of their arguments than they are together.
double bytes_of_call(std::string_view name, const json::Value& arguments,
                     const std::vector<Weight>& weights) {
    Weight sum;
    for (const Weight& weight : weights) sum += weight;
    auto bytes = [&](std::size_t i) { return i < weights.size() ? weights[i].bytes : 0; };
    auto argument = [&](rapidjson::SizeType i) { return i < arguments.Size() ? &arguments[i] : nullptr; };
    if (name == "repeat") return bytes(0) * number_or(argument(1), longest_padding);
    if (is_one_of(name, {"lpad", "rpad"})) return number_or(argument(1), longest_padding);
    if (name == "replace") return bytes(0) * std::max(1.0, bytes(2));
    if (is_one_of(name, {"regexp_replace", "array_replace"})) return bytes(0) * (1 + bytes(2));
    if (name == "array_to_string") return bytes(0) * (1 + bytes(1) + bytes(2));
    if (name == "concat_ws") return sum.bytes * (1 + bytes(0));
    if (name == "ts_headline") return sum.bytes * sum.bytes;
    if (name == "jsonb_pretty") return sum.bytes * std::max(1.0, sum.bytes / 4);  // an indented line each
    if (is_one_of(name, {"round", "trunc"})) return sum.bytes + number_or(argument(1), 0);
    if (name == "power") return bytes_of_power(bytes(0), argument(1));
    if (name == "exp") return bytes_of_power(1, argument(0));
    if (name == "encode") return 4 * sum.bytes;
    if (is_one_of(name, {"substring", "substr", "left", "right", "split_part", "regexp_substr", "btrim",
                         "ltrim", "rtrim"}))
        return bytes(0);
    if (name.starts_with("json") || is_one_of(name, {"to_json", "to_jsonb", "row_to_json", "array_to_json"}))
        return 2 * sum.bytes;  // quotes in quotes
    return sum.bytes;
}

Weight weigh_call(const json::Value& fields, const Read& read) {
    Weight weight;
    for (const auto& member : fields.GetObject())
        if (json::view(member.name) != "args") weight += read(member.value);
    std::vector<Weight> arguments;
    for (const json::Value& argument : list_in(fields, "args").GetArray()) {
        arguments.push_back(read(argument));
        weight.nodes += arguments.back().nodes;
    }
    auto names = names_in(fields, "funcname");
    const std::string_view name = names.empty() ? "" : names.back();
    weight.bytes += bytes_of_call(name, list_in(fields, "args"), arguments);
    if (is_one_of(name, {"sqrt", "ln", "log", "exp", "power", "div", "mod", "gcd", "lcm"}))
        for (const Weight& argument : arguments)
            weight.nodes += 10 * argument.bytes * argument.bytes / digits_a_node;
    return weight;
}

/// Postgres copies what stands before BETWEEN, and before IN for every member that is no constant.
Weight weigh_operator(const json::Value& fields, const Read& read) {
    std::string_view kind = json::text(fields, "kind").value_or("");
    auto part = [&](std::string_view field) {
        const json::Value* value = json::find(fields, field);
        return value ? read(*value) : Weight{};
    };
    Weight left = part("lexpr"), right = part("rexpr");
    auto names = names_in(fields, "name");
    const std::string_view name = names.empty() ? "" : names.back();
    if (name == "^")
        return {left.nodes + right.nodes, bytes_of_power(left.bytes, json::find(fields, "rexpr"))};
    if (is_one_of(name, {"*", "/", "%"}))
        return {left.nodes + right.nodes + left.bytes * right.bytes / digits_a_node,
                left.bytes + right.bytes};
    if (is_one_of(name, {"->", "->>", "#>", "#>>"})) return {left.nodes + right.nodes, left.bytes};
    double copies = 1, copies_of_right = 1;
    if (kind.ends_with("BETWEEN")) copies = 2;
    if (kind.ends_with("BETWEEN_SYM")) copies = 4, copies_of_right = 2;
    if (const json::Value* list = json::find(fields, "rexpr"); kind == "AEXPR_IN" && list)
        if (const json::Value* members = fields_of(*list, "List"))
            for (const json::Value& member : list_in(*members, "items").GetArray())
                if (!fields_of(member, "A_Const")) ++copies;
    return {copies * left.nodes + copies_of_right * right.nodes, copies * left.bytes + right.bytes};
}

/// A value is one of the results; what is asked in between is none.
Weight weigh_case(const Node& node, const Read& read) {
    Weight weight;
    for (const auto& member : node.fields.GetObject()) {
        const std::string_view name = json::view(member.name);
        Weight part = read(member.value);
        if (name == "expr" || name == "arg") part.bytes = 0;
        weight += part;
    }
    return weight;
}

}  // namespace

Weight weigh(const Node& node, const Read& read) {
    const auto& [type, fields] = node;
    if (is_one_of(type, {"String", "TypeName"})) return {};
    Weight weight;
    if (type == "A_Const")
        weight.bytes = bytes_of_constant(fields);
    else if (type == "FuncCall")
        weight = weigh_call(fields, read);
    else if (type == "A_Expr")
        weight = weigh_operator(fields, read);
    else if (is_one_of(type, {"CaseExpr", "CaseWhen"}))
        weight = weigh_case(node, read);
    else
        for (const auto& member : fields.GetObject()) weight += read(member.value);
    if (type == "TypeCast") weight.bytes = bytes_of_cast(fields, weight.bytes);
    if (is_one_of(type, {"A_ArrayExpr", "RowExpr"})) weight.bytes *= 2;  // quotes in quotes
    if (type != "List") weight.nodes += 1 + weight.bytes / bytes_a_node;
    return weight;
}

double bytes_as_number(double bytes) {
    return bytes + digits_made_of(bytes);
}

}  // namespace spotter::work::sql
