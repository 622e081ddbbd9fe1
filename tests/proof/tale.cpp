#include "proof/tale.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace spotter::proof {

RowEvent& Tale::last(const std::string& row) {
    for (auto event = history.rows.rbegin(); event != history.rows.rend(); ++event)
        if (event->row == row) return *event;
    throw std::logic_error("no such row in the tale: " + row);
}

RowEvent& Tale::next(const std::string& row, Status is) {
    RowEvent event = last(row);
    event.was = event.is;
    event.is = is;
    event.by = "spotter";
    event.place = static_cast<std::int64_t>(history.rows.size() + history.cache.size()) + 1;
    event.transaction = ++transactions_;
    event.at += 1;
    if (is != Status::processing) event.token.reset();
    history.rows.push_back(event);
    return history.rows.back();
}

RowEvent& Tale::insert(const std::string& row, const std::string& marker) {
    RowEvent event;
    event.row = row;
    event.by = "app";
    event.marker = event.key = marker;
    event.is = Status::pending;
    event.transaction = ++transactions_;
    history.rows.push_back(event);
    history.acknowledged.insert(row);
    return history.rows.back();
}

RowEvent& Tale::claim(const std::string& row) {
    RowEvent& event = next(row, Status::processing);
    event.token = ++tokens_;
    event.worker = 1;
    ++event.attempts;
    return event;
}

Call& Tale::call(const std::string& row, const std::string& given) {
    history.calls.push_back({fmt::format("Answer {}", history.calls.size() + 1), last(row).marker, given, 0});
    return history.calls.back();
}

RowEvent& Tale::settle(const std::string& row, int calls) {
    RowEvent& event = next(row, Status::completed);
    event.calls += calls;
    event.answer = history.calls.back().answer;
    event.content = "program of " + event.answer;
    event.source = "model";
    history.cache.push_back({event.place + 1, event.transaction, event.key, event.content, event.answer});
    return event;
}

RowEvent& Tale::fail(const std::string& row, const std::string& code, int calls) {
    RowEvent& event = next(row, Status::failed);
    event.calls += calls;
    event.code = code;
    return event;
}

RowEvent& Tale::defer(const std::string& row) {
    RowEvent& event = next(row, Status::pending);
    event.worker.reset();
    --event.attempts;
    return event;
}

RowEvent& Tale::rescue(const std::string& row) {
    RowEvent& event = next(row, Status::pending);
    event.worker.reset();
    ++event.crashes;
    return event;
}

RowEvent& Tale::wait(const std::string& row) {
    RowEvent& event = next(row, Status::pending);
    event.waiting = true;
    return event;
}

RowEvent& Tale::share(const std::string& row, const std::string& leader) {
    const RowEvent result = last(leader);
    RowEvent& event = next(row, Status::completed);
    event.transaction = result.transaction;
    event.waiting = false;
    event.answer = result.answer;
    event.content = result.content;
    event.source = "flight";
    return event;
}

RowEvent& Tale::hit(const std::string& row, const std::string& like) {
    RowEvent& event = share(row, like);
    event.transaction = ++transactions_;
    event.source = "cache";
    return event;
}

RowEvent& Tale::retry(const std::string& row) {
    RowEvent& event = next(row, Status::pending);
    event.by = "app";
    event.worker.reset();
    event.attempts = event.crashes = event.calls = 0;
    ++event.retries;
    return event;
}

RowEvent& Tale::cancel(const std::string& row) {
    RowEvent& event = next(row, Status::failed);
    event.by = "app";
    event.code = "cancelled";
    return event;
}

RowEvent& Tale::tidy(const std::string& row) {
    RowEvent& event = next(row, last(row).is);
    event.key.clear();
    event.worker.reset();
    return event;
}

RowEvent& Tale::erase(const std::string& row) {
    RowEvent& event = next(row, Status::none);
    event.by = "app";
    return event;
}

}  // namespace spotter::proof
