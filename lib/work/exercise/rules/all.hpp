#pragma once

#include "base/json.hpp"
#include "work/exercise/answer.hpp"
#include "work/exercise/assignment.hpp"
#include "work/findings.hpp"

/// Every rule by theme. What each holds at which tier stands in rules.cpp.
namespace spotter::work::exercises::rule {

// texts.cpp. The first, `bounds`, must pass before anything else is looked at.
void bounds(const json::Value& answer, const Assignment& assignment, Findings& out);
void texts_said(const json::Value& answer, const Assignment& assignment, Findings& out);
void texts_plain(const json::Value& answer, const Assignment& assignment, Findings& out);
void metadata_agrees(const json::Value& answer, const Assignment& assignment, Findings& out);

// fill.cpp
void one_blank(const Fill& fill, const Assignment& assignment, Findings& out);
void answer_among_options(const Fill& fill, const Assignment& assignment, Findings& out);
void options_distinct(const Fill& fill, const Assignment& assignment, Findings& out);
void answer_not_given_away(const Fill& fill, const Assignment& assignment, Findings& out);
void one_right_answer(const Fill& fill, const Assignment& assignment, Findings& out);
void article_agrees(const Fill& fill, const Assignment& assignment, Findings& out);
void sentence_says_enough(const Fill& fill, const Assignment& assignment, Findings& out);
void options_by_difficulty(const Fill& fill, const Assignment& assignment, Findings& out);

// matching.cpp
void enough_pairs(const Matching& matching, const Assignment& assignment, Findings& out);
void terms_distinct(const Matching& matching, const Assignment& assignment, Findings& out);
void pairs_one_to_one(const Matching& matching, const Assignment& assignment, Findings& out);
void translations_right(const Matching& matching, const Assignment& assignment, Findings& out);
void partners_unambiguous(const Matching& matching, const Assignment& assignment, Findings& out);
void order_hides_pairs(const Matching& matching, const Assignment& assignment, Findings& out);
void pairs_by_difficulty(const Matching& matching, const Assignment& assignment, Findings& out);

// discrimination.cpp
void enough_pictures(const Discrimination& choice, const Assignment& assignment, Findings& out);
void species_distinct(const Discrimination& choice, const Assignment& assignment, Findings& out);
void correct_among_species(const Discrimination& choice, const Assignment& assignment, Findings& out);
void species_pictured(const Discrimination& choice, const Assignment& assignment, Findings& out);
void target_shown_once(const Discrimination& choice, const Assignment& assignment, Findings& out);
void pictures_by_difficulty(const Discrimination& choice, const Assignment& assignment, Findings& out);

// labelling.cpp
void enough_labels(const Labelling& labelling, const Assignment& assignment, Findings& out);
void labels_distinct(const Labelling& labelling, const Assignment& assignment, Findings& out);
void labels_in_picture(const Labelling& labelling, const Assignment& assignment, Findings& out);
void labels_apart(const Labelling& labelling, const Assignment& assignment, Findings& out);
void labels_right(const Labelling& labelling, const Assignment& assignment, Findings& out);
void target_labelled(const Labelling& labelling, const Assignment& assignment, Findings& out);
void target_asked_for(const Labelling& labelling, const Assignment& assignment, Findings& out);
void labels_by_difficulty(const Labelling& labelling, const Assignment& assignment, Findings& out);

}  // namespace spotter::work::exercises::rule
