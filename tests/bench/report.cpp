#include "bench/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "base/json.hpp"

namespace spotter::bench {
namespace {

/// Three digits are all that a noisy machine gives.
std::string shortly(double value) {
    if (value == 0) return "0";
    if (std::abs(value) < 1) return fmt::format("{:.3f}", value);
    if (std::abs(value) < 100) return fmt::format("{:.1f}", value);
    return fmt::format("{:.0f}", value);
}

std::string with_spread(const Rounds& rounds) {
    if (rounds.values.empty()) return "";
    if (rounds.values.size() == 1) return shortly(rounds.value());
    return fmt::format("{} ({} to {})", shortly(rounds.value()), shortly(rounds.lowest()),
                       shortly(rounds.highest()));
}

std::string ratio(const Figure& figure) {
    if (figure.theirs.value() == 0) return "";
    return fmt::format("{:.2f}", figure.ours.value() / figure.theirs.value());
}

std::string line(const Figure& figure) {
    return fmt::format("{:<52} {:>26} {:>26}  {:<30} {:>6}  {:<8} {}\n", figure.what,
                       with_spread(figure.ours), with_spread(figure.theirs), figure.beside, ratio(figure),
                       figure.unit, figure.target);
}

std::string list(const std::vector<double>& values) {
    std::string out;
    for (double value : values) out += fmt::format("{}{:.3f}", out.empty() ? "" : ",", value);
    return "[" + out + "]";
}

}  // namespace

double quantile(std::vector<double> values, double part) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    auto at = static_cast<std::size_t>(part * static_cast<double>(values.size()));
    return values[std::min(at, values.size() - 1)];
}

double Rounds::value() const {
    if (speaks == Speaks::highest) return highest();
    if (speaks == Speaks::lowest) return lowest();
    return quantile(values, 0.5);
}
double Rounds::lowest() const {
    return quantile(values, 0);
}
double Rounds::highest() const {
    return quantile(values, 1);
}

void Report::add(Figure figure) {
    figures_.push_back(std::move(figure));
    std::fputs(line(figures_.back()).c_str(), stderr);
}

void Report::add(std::string what, double value, std::string unit, std::string target) {
    add({std::move(what), {{value}}, "", {}, std::move(unit), std::move(target)});
}

std::string Report::table() const {
    std::string out = fmt::format("{:<52} {:>26} {:>26}  {:<30} {:>6}  {:<8} {}\n", "what", "spotter",
                                  "beside", "", "ratio", "unit", "target");
    for (const Figure& figure : figures_) out += line(figure);
    return out;
}

void Report::write_json(const std::string& path) const {
    std::ofstream file(path);
    file << "[";
    for (std::size_t i = 0; i < figures_.size(); ++i) {
        const Figure& f = figures_[i];
        file << fmt::format(
            "{}\n  {{\"what\":{},\"unit\":{},\"target\":{},\"spotter\":{:.3f},\"rounds\":{},"
            "\"beside\":{},\"beside_value\":{:.3f},\"beside_rounds\":{}}}",
            i > 0 ? "," : "", json::quoted(f.what), json::quoted(f.unit), json::quoted(f.target),
            f.ours.value(), list(f.ours.values), json::quoted(f.beside), f.theirs.value(),
            list(f.theirs.values));
    }
    file << "\n]\n";
}

void progress(const std::string& line) {
    std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace spotter::bench
