#include <fmt/format.h>

#include "work/personality/address.hpp"
#include "work/personality/quotes.hpp"
#include "work/personality/rules/all.hpp"
#include "work/personality/sensitive.hpp"

namespace spotter::work::persona::rule {

void no_quotes(const Subject& subject, Findings& out) {
    const std::vector<bool> quoting = quotes(subject.said, words_of(subject.posts));
    for (std::size_t i = 0; i < quoting.size(); ++i)
        if (quoting[i])
            out.reject(
                subject.said[i].path,
                fmt::format("repeats more than {} words of a post in a row; say it in words of your own",
                            most_quoted_words));
}

void no_contact_data(const Subject& subject, Findings& out) {
    for (const Said& said : subject.said) {
        const Counts counts = read_text(said.text).counts;
        if (counts.links + counts.mentions > 0 || has_phone_number(said.text))
            out.reject(said.path, "holds an address, a user's handle or a telephone number; leave it out");
    }
}

void nothing_sensitive(const Subject& subject, Findings& out) {
    for (const Said& said : subject.said)
        if (auto sensitive = sensitive_in(said.text))
            out.reject(said.path,
                       fmt::format("speaks of {} (\"{}\"), which no analysis may guess at; leave it out",
                                   sensitive->subject, sensitive->phrase));
}

}  // namespace spotter::work::persona::rule
