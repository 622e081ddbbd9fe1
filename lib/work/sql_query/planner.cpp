#include "work/sql_query/planner.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "work/sql_query/answer.hpp"
#include "work/sql_query/planner/reader.hpp"

namespace spotter::work::sql {

std::string plan_answer(const Question& question) {
    constexpr std::size_t most_readings = 5;
    std::string problem;
    for (std::size_t reading = 0; reading < most_readings; ++reading) {
        planner::Reader reader(question, reading);
        if (auto sql = reader.read())
            return write_answer(*sql, fmt::format("{}", fmt::join(reader.notes(), " ")));
        if (problem.empty()) problem = reader.problem();
        if (!reader.has_other_reading()) break;
    }
    return write_answer("", problem);
}

}  // namespace spotter::work::sql
