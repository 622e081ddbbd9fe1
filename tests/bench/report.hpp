#pragma once

#include <string>
#include <vector>

namespace spotter::bench {

/// The figures of one thing over several rounds, and the one that speaks for them.
struct Rounds {
    enum class Speaks { highest, lowest, median };

    std::vector<double> values;
    Speaks speaks = Speaks::median;

    void add(double value) { values.push_back(value); }
    double value() const;
    double lowest() const;
    double highest() const;
};

/// Rates are spoken for by the best round: what else runs on the machine can only take away from them.
inline Rounds rates() {
    return {{}, Rounds::Speaks::highest};
}

/// The `part` quantile (0 to 1) of some figures; 0 of none.
double quantile(std::vector<double> values, double part);

/// What was measured of us, and of what it is held against. Empty Rounds: there is nothing beside.
struct Figure {
    std::string what;
    Rounds ours;
    std::string beside;  ///< the name of what it is held against
    Rounds theirs;
    std::string unit;
    std::string target;  ///< for a reader: ">= 0.8", "1", "none"
};

class Report {
  public:
    /// Also says it on stderr at once.
    void add(Figure figure);
    /// One figure of one round.
    void add(std::string what, double value, std::string unit, std::string target);

    std::string table() const;
    void write_json(const std::string& path) const;

  private:
    std::vector<Figure> figures_;
};

/// A line on stderr for whoever waits.
void progress(const std::string& line);

}  // namespace spotter::bench
