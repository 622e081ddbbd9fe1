#pragma once

#include <string>

#include "proof/checker.hpp"

namespace spotter::proof {

/// A history made by hand. Each function adds what a faultless queue would record; tests then spoil it.
class Tale {
  public:
    History history;

    /// An app inserts a row; its marker is also its key.
    RowEvent& insert(const std::string& row, const std::string& marker);
    RowEvent& claim(const std::string& row);
    /// The model is asked for the row's input.
    Call& call(const std::string& row, const std::string& given = "good");
    /// The last call's answer is accepted, and goes into the cache.
    RowEvent& settle(const std::string& row, int calls = 1);
    RowEvent& fail(const std::string& row, const std::string& code, int calls = 1);
    RowEvent& defer(const std::string& row);
    RowEvent& rescue(const std::string& row);
    RowEvent& wait(const std::string& row);
    /// The row gets what the leader got, in the same transaction.
    RowEvent& share(const std::string& row, const std::string& leader);
    RowEvent& hit(const std::string& row, const std::string& like);
    RowEvent& retry(const std::string& row);
    RowEvent& cancel(const std::string& row);
    /// The queue's own data in a finished row are forgotten.
    RowEvent& tidy(const std::string& row);
    RowEvent& erase(const std::string& row);

    /// The newest event of the row.
    RowEvent& last(const std::string& row);

  private:
    RowEvent& next(const std::string& row, Status is);

    std::int64_t tokens_ = 0;
    std::int64_t transactions_ = 0;
};

}  // namespace spotter::proof
