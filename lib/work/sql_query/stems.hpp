#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Finding the words of a question in the names of a schema.
namespace spotter::work::sql {

/// What English and Spanish plurals share with their singulars: "country" of "country" and "countries",
/// "ciudad" of "ciudad" and "ciudades", "stor" of "store" and "stores". `word` is in small letters without
/// accents.
std::string stem(std::string_view word);

/// The stems in a name or a sentence: "OrderItems", "order_items" and "the order items" all hold "order" and
/// "item".
std::vector<std::string> stems(std::string_view text);

}  // namespace spotter::work::sql
