#include "work/personality/moment.hpp"

#include <chrono>

namespace spotter::work::persona {
namespace {

/// Takes what it expects from the front of a text, and remembers when that was not there.
class Fields {
  public:
    explicit Fields(std::string_view text) : text_(text) {}

    bool ok() const { return ok_ && text_.empty(); }
    bool at_end() const { return text_.empty(); }

    /// A number of exactly `digits` digits.
    int number(std::size_t digits) {
        int value = 0;
        for (; digits > 0; --digits) {
            if (text_.empty() || text_[0] < '0' || text_[0] > '9') return ok_ = false, 0;
            value = value * 10 + (text_[0] - '0');
            text_.remove_prefix(1);
        }
        return value;
    }
    bool take(char c) {
        if (!text_.starts_with(c)) return false;
        text_.remove_prefix(1);
        return true;
    }
    void expect(char c) { ok_ = take(c) && ok_; }
    void expect(bool condition) { ok_ = condition && ok_; }
    void skip_digits() {
        while (!text_.empty() && text_[0] >= '0' && text_[0] <= '9') text_.remove_prefix(1);
    }

  private:
    std::string_view text_;
    bool ok_ = true;
};

/// Seconds that the clock of an offset, "Z", "+02", "-0330" or "+05:30", is ahead of UTC.
int read_offset(Fields& in) {
    if (in.at_end() || in.take('Z') || in.take('z')) return 0;
    bool behind = in.take('-');
    if (!behind) in.expect('+');
    int hours = in.number(2), minutes = 0;
    if (!in.at_end()) {
        in.take(':');
        minutes = in.number(2);
    }
    in.expect(hours <= 18 && minutes < 60);
    return (behind ? -1 : 1) * (hours * 3600 + minutes * 60);
}

}  // namespace

std::optional<Moment> read_moment(std::string_view text) {
    namespace chrono = std::chrono;
    Fields in(text);
    int year = in.number(4);
    in.expect('-');
    int month = in.number(2);
    in.expect('-');
    int day = in.number(2);
    const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                      chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;

    Moment moment;
    const chrono::sys_days midnight(date);
    const unsigned weekday = chrono::weekday(midnight).iso_encoding();
    moment.weekend = weekday >= 6;
    moment.seconds = std::int64_t{midnight.time_since_epoch().count()} * 86400;
    if (in.at_end()) return in.ok() ? std::optional(moment) : std::nullopt;

    if (!in.take(' ')) in.expect('T');
    int hour = in.number(2), second = 0;
    in.expect(':');
    int minute = in.number(2);
    if (in.take(':')) {
        second = in.number(2);
        if (in.take('.')) in.skip_digits();
    }
    in.expect(hour < 24 && minute < 60 && second <= 60);
    moment.hour = hour;
    moment.seconds += hour * 3600 + minute * 60 + second - read_offset(in);
    return in.ok() ? std::optional(moment) : std::nullopt;
}

}  // namespace spotter::work::persona
