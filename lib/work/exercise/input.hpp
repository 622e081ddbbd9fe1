#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

/// What a row asks for.
namespace spotter::work::exercises {

enum class Type {
    contextual_fill,
    term_matching,
    visual_discrimination,
    visual_identification,
    image_labeling
};
inline constexpr std::array types = {Type::contextual_fill, Type::term_matching, Type::visual_discrimination,
                                     Type::visual_identification, Type::image_labeling};

/// As in the input's "type".
std::string_view name(Type type);

/// True for the types whose learner looks at pictures.
bool is_visual(Type type);

/// True for those of them that ask for the parts of one picture.
bool has_labels(Type type);

/// An input in its canonical form: two inputs of one form ask for the same exercise.
///
/// The database makes the cache key of the same parts, in this way:
///
///     type        input->>'type'
///     difficulty  (input->>'difficulty')::numeric::int, so that 3 and 3.0 are one
///     topics      of each t in input->'topics': lower(btrim(t, E' \t\r\n\x0b\x0c') collate "C"), which takes
///                 down ASCII letters and no others; then distinct, and sorted by collate "C". A missing
///                 array, null and [] are one.
///     imageUrl    input->>'imageUrl' of the three visual types; null for the others, which show no picture
///
/// "context" is no part of it. A key is made before the input is read: making it must not fail for an input
/// that is refused here, and such an input needs a key that it shares with no other, or the cache would
/// answer it.
struct Request {
    Type type = Type::contextual_fill;
    int difficulty = 1;                    ///< 1 to 5
    std::vector<std::string> topics;       ///< distinct and sorted; none: any
    std::optional<std::string> image_url;  ///< https, or a path from the site's root; of visual types only
};

/// Reads a row's input. Error code "invalid_input"; the message names the member and what to write instead.
Result<Request> read_request(std::string_view input);

/// The request as one line of JSON, the same for the same request.
std::string canonical_text(const Request& request);

}  // namespace spotter::work::exercises
