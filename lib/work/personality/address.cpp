#include "work/personality/address.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace spotter::work::persona {
namespace {

/// Ends of names that people write without a scheme. Those that are words of English or Spanish (es, it, me)
/// are left out: behind a full stop without a space they begin a sentence.
constexpr std::string_view domains[] = {"com", "org", "net", "edu", "gov", "info", "biz", "io",  "co",
                                        "app", "dev", "tv",  "gg",  "ly",  "uk",   "fr",  "eu",  "mx",
                                        "ar",  "cl",  "pe",  "br",  "ca",  "au",   "xyz", "shop"};

constexpr bool is_one_of(char c, std::string_view set) {
    for (char other : set)
        if (c == other) return true;
    return false;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-';
}

std::string small(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// What addresses are written in: ASCII without spaces, quotes and brackets. A table, since every character
/// of every post is looked up in it.
constexpr std::array<bool, 256> address_characters = [] {
    std::array<bool, 256> table{};
    for (char c = ' ' + 1; c < 0x7F; ++c)
        table.at(static_cast<std::size_t>(c)) = !is_one_of(c, "\"'<>()[]{},;");
    return table;
}();

bool is_address_character(char c) {
    return address_characters[static_cast<unsigned char>(c)];
}

/// Such characters at the beginning of `text`, less the punctuation behind them.
std::string_view run_of(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is_address_character(text[end])) ++end;
    while (end > 0 && is_one_of(text[end - 1], ".!?:")) --end;
    return text.substr(0, end);
}

/// "example.com", "bit.ly/abc": labels with dots between, and an end that is known or followed by a path.
bool begins_with_host(std::string_view run) {
    std::size_t end = std::min(run.find_first_of("/?#:"), run.size());
    std::string_view host = run.substr(0, end);
    std::size_t dot = host.rfind('.');
    if (dot == host.npos || dot == 0 || host.find("..") != host.npos) return false;
    if (!std::all_of(host.begin(), host.end(), [](char c) { return is_host_character(c) || c == '.'; }))
        return false;
    std::string_view last = host.substr(dot + 1);
    if (std::find(std::begin(domains), std::end(domains), last) != std::end(domains)) return true;
    bool has_path = end + 1 < run.size() && run[end] == '/';
    return has_path && last.size() >= 2 && std::none_of(last.begin(), last.end(), is_digit);
}

bool is_mail(std::string_view run) {
    std::size_t at = run.find('@');
    return at != run.npos && at > 0 && at + 1 < run.size() && is_host_character(run[at + 1]);
}

/// Digits and the marks between them, from `begin` on.
struct Number {
    std::size_t end = 0;
    std::size_t digits = 0;
    std::size_t first_group = 0;  ///< digits before the first mark
};

Number number_at(std::string_view text, std::size_t begin) {
    Number number;
    std::size_t gap = 0;
    for (std::size_t i = begin; i < text.size() && gap <= 2; ++i) {
        if (is_digit(text[i])) {
            if (gap == 0 && number.first_group == number.digits) ++number.first_group;
            ++number.digits;
            number.end = i + 1;
            gap = 0;
        } else if (is_one_of(text[i], " -./()")) {
            ++gap;
        } else {
            break;
        }
    }
    return number;
}

bool starts_with_year(std::string_view number, std::size_t first_group) {
    return first_group == 4 && (number.starts_with("19") || number.starts_with("20"));
}

}  // namespace

std::size_t address_length(std::string_view text) {
    std::string_view run = run_of(text);
    if (std::none_of(run.begin(), run.end(), [](char c) { return is_one_of(c, ".:@"); })) return 0;
    std::string lower = small(run);
    for (std::string_view start : {"http://", "https://", "ftp://", "www."})
        if (lower.starts_with(start) && lower.size() > start.size()) return run.size();
    return is_mail(lower) || begins_with_host(lower) ? run.size() : 0;
}

bool has_phone_number(std::string_view text) {
    constexpr std::size_t least = 7, most = 15, longest_date = 8;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_digit(text[i])) continue;
        Number number = number_at(text, i);
        bool date = number.digits <= longest_date && starts_with_year(text.substr(i), number.first_group);
        if (number.digits >= least && number.digits <= most && !date) return true;
        i = number.end;
    }
    return false;
}

}  // namespace spotter::work::persona
