#pragma once

#include "work/exercise/input.hpp"
#include "work/exercise/picture.hpp"
#include "work/exercise/topics.hpp"

namespace spotter::work::exercises {

/// A request with what is settled before anybody is asked: what the vocabulary has for it, and its picture.
struct Assignment {
    explicit Assignment(Request asked)
        : request(std::move(asked)),
          coverage(coverage_of(request.topics)),
          picture(picture_of(request, coverage)) {}

    Request request;
    Coverage coverage;
    Picture picture;
};

}  // namespace spotter::work::exercises
