#include "work/training_program/profile.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "training_fixture.hpp"

namespace profile_test {

using namespace spotter::work::training;

namespace {

/// The usual onboarding with one member, given as JSON, put in the place of its own or added.
std::string with(std::string_view key, std::string_view value) {
    struct Member {
        std::string_view key, value;
    };
    std::vector<Member> members = {{"primaryGoal", R"("Muscle Gain: General")"},
                                   {"trainingFrequencyDays", "4"},
                                   {"sessionDuration", R"("45-60 minutes")"},
                                   {"equipment", R"(["Full Gym"])"}};
    std::erase_if(members, [&](const Member& member) { return member.key == key; });
    if (!value.empty()) members.push_back({key, value});
    std::string text;
    for (const Member& member : members)
        text += fmt::format("{}\"{}\":{}", text.empty() ? "" : ",", member.key, member.value);
    return fmt::format(R"({{"onboarding":{{{}}},"profile":null,"paid":false}})", text);
}

Profile read(std::string_view input) {
    auto profile = read_profile(input);
    CAPTURE(input);
    if (!profile) FAIL(profile.error().message);
    return *profile;
}

std::string refusal_of(std::string_view input) {
    auto profile = read_profile(input);
    if (profile) return "(accepted)";
    CHECK(profile.error().code == "invalid_input");
    return profile.error().message;
}

SetOf<Equipment> equipment_of(std::string_view value) {
    return read(with("equipment", value)).equipment;
}

SetOf<Region> injured_by(std::string_view text) {
    return read(with("injuriesLimitations", fmt::format("\"{}\"", text))).injured;
}

}  // namespace

TEST_CASE("a complete onboarding is read field by field") {
    Profile profile = read(R"({"onboarding":{"primaryGoal":"Strength Gain: Powerlifting Peak",
        "trainingFrequencyDays":5,"sessionDuration":"75+ minutes","equipment":["Barbell & plates"],
        "experienceLevel":"Advanced","weightUnit":"lbs","sportSpecificDetails":"judo",
        "exercisePreferences":"no burpees","injuriesLimitations":"old wrist sprain","squat1RMEstimate":180,
        "benchPress1RMEstimate":120,"deadlift1RMEstimate":210,"overheadPress1RMEstimate":75,
        "strengthAssessmentType":"actual_1rm"},"profile":{"name":"Ana","age":31},"paid":true})");
    CHECK(profile.goal == Goal::strength_powerlifting);
    CHECK(profile.days == 5);
    CHECK(profile.session.shortest == 75);
    CHECK(profile.level == Level::advanced);
    CHECK(profile.pounds);
    CHECK(profile.sport == "judo");
    CHECK(profile.preferences == "no burpees");
    CHECK(profile.injured == SetOf<Region>{Region::wrist});
    CHECK(profile.maxima.complete());
    CHECK(*profile.maxima.deadlift == 210);
    CHECK(profile.maxima_tested);
    CHECK(profile.name == "Ana");
    CHECK(profile.age == 31);
    CHECK(profile.paid);
}

TEST_CASE("level and unit come from the profile when the onboarding has none, and else are beginner and kg") {
    std::string onboarding =
        R"({"primaryGoal":"Bodyweight Mastery","trainingFrequencyDays":3,"sessionDuration":"30-45 minutes"})";
    Profile stored = read(fmt::format(
        R"({{"onboarding":{},"profile":{{"experience_level":"intermediate","weight_unit":"lbs"}}}})",
        onboarding));
    CHECK(stored.level == Level::intermediate);
    CHECK(stored.pounds);
    Profile bare = read(fmt::format(R"({{"onboarding":{},"profile":null}})", onboarding));
    CHECK(bare.level == Level::beginner);
    CHECK_FALSE(bare.pounds);
    CHECK_FALSE(bare.paid);
}

TEST_CASE("a row without an onboarding is told how to get one, whatever is missing") {
    for (std::string input : {R"({})", R"({"onboarding":null,"profile":null,"paid":false})",
                              R"({"onboarding":{}})", R"({"profile":{"name":"Ana"}})"})
        CHECK(refusal_of(input) ==
              "There is no onboarding to plan from. Set onboarding_data_snapshot on the row, or "
              "onboarding_responses in the profile, then set generation_status to 'pending' again.");
}

TEST_CASE("what cannot be planned from is refused by the name of its field") {
    struct Case {
        std::string key;
        std::string value;
        std::string message;
    };
    const Case cases[] = {
        {"primaryGoal", "", "The onboarding has no goal."},
        {"primaryGoal", R"("")", "The onboarding has no goal."},
        {"primaryGoal", "7", "The field primaryGoal is no text."},
        {"primaryGoal", R"("Get swole")", "The onboarding's goal \"Get swole\" is not one we plan for."},
        {"trainingFrequencyDays", "",
         "The onboarding has no training days. Set trainingFrequencyDays (2 to 7)"},
        {"trainingFrequencyDays", "0", "The onboarding asks for 0 training days a week."},
        {"trainingFrequencyDays", "1", "The onboarding asks for 1 training days a week."},
        {"trainingFrequencyDays", "8", "The onboarding asks for 8 training days a week."},
        {"trainingFrequencyDays", "2.5", "The onboarding asks for 2.5 training days a week."},
        {"trainingFrequencyDays", "1e300", "training days a week."},
        {"trainingFrequencyDays", R"("often")", "The field trainingFrequencyDays is no number."},
        {"trainingFrequencyDays", "[3]", "The field trainingFrequencyDays is no number."},
        {"sessionDuration", "", "The onboarding has no session duration."},
        {"sessionDuration", R"("10 minutes")",
         "The onboarding's session duration \"10 minutes\" is unknown."},
        {"sessionDuration", "45", "The field sessionDuration is no text."},
        {"equipment", "5", "The field equipment is no list of texts."},
        {"equipment", "[1]", "The field equipment is no list of texts."},
        {"equipment", R"({"a":1})", "The field equipment is no list of texts."},
        {"experienceLevel", R"("wizard")", "The experience level \"wizard\" is unknown."},
        {"weightUnit", R"("stone")", "The weight unit \"stone\" is unknown."},
        {"squat1RMEstimate", "-1", "The field squat1RMEstimate is not between 0 and 600 kg."},
        {"benchPress1RMEstimate", "601", "The field benchPress1RMEstimate is not between 0 and 600 kg."},
        {"deadlift1RMEstimate", R"("heavy")", "The field deadlift1RMEstimate is no number."},
        {"overheadPress1RMEstimate", R"("nan")", "The field overheadPress1RMEstimate is no number."},
        {"injuriesLimitations", "true", "The field injuriesLimitations is no list of texts."},
    };
    for (const Case& c : cases) {
        CAPTURE(c.key);
        CAPTURE(c.value);
        std::string message = refusal_of(with(c.key, c.value));
        CHECK(message.find(c.message) != std::string::npos);
        CHECK(message.ends_with("set generation_status to 'pending' again."));
    }
}

TEST_CASE("an unknown goal is answered with the ten that are known") {
    std::string message = refusal_of(with("primaryGoal", R"("Get swole")"));
    for (int goal = 0; goal < 10; ++goal) CHECK(message.find(title(static_cast<Goal>(goal))) != message.npos);
}

TEST_CASE("an input that is no object or no JSON is refused, and so is one over its bounds") {
    CHECK(refusal_of("").starts_with("The input is no JSON"));
    CHECK(refusal_of("{").starts_with("The input is no JSON"));
    CHECK(refusal_of("[]").starts_with("There is no onboarding"));
    CHECK(refusal_of(R"({"onboarding":"text"})").starts_with("The onboarding is no JSON object."));
    CHECK(refusal_of(R"({"onboarding":{"a":1},"profile":[]})").starts_with("The profile is no JSON object."));
    CHECK(refusal_of(std::string(1024 * 1024, 'x'))
              .starts_with("The onboarding and the profile take more than 64"));
    std::string long_text = fmt::format("\"{}\"", std::string(4001, 'x'));
    CHECK(refusal_of(with("exercisePreferences", long_text)) ==
          "The field exercisePreferences holds more than 4000 characters. Shorten it, then set "
          "generation_status "
          "to 'pending' again.");
    std::string letters;
    for (int i = 0; i < 4000; ++i) letters += "ж";
    CHECK(read(with("exercisePreferences", fmt::format("\"{}\"", letters))).preferences == letters);
}

TEST_CASE("numbers may come as text, and dashes and units in any shape") {
    Profile profile = read(R"({"onboarding":{"primaryGoal":" muscle gain: general ",
        "trainingFrequencyDays":"4","sessionDuration":"60–75 min","squat1RMEstimate":"102.5",
        "benchPress1RMEstimate":"","deadlift1RMEstimate":null,"overheadPress1RMEstimate":0}})");
    CHECK(profile.days == 4);
    CHECK(profile.session.longest == 75);
    CHECK(profile.maxima.squat == 102.5);
    CHECK_FALSE(profile.maxima.bench);
    CHECK_FALSE(profile.maxima.deadlift);
    CHECK_FALSE(profile.maxima.overhead);
}

TEST_CASE("other scripts and emoji are kept as they are") {
    Profile profile = read(with("exercisePreferences", R"("люблю бег 🏃 日本語")"));
    CHECK(profile.preferences == "люблю бег 🏃 日本語");
}

TEST_CASE("equipment is read from what people write") {
    using enum Equipment;
    CHECK(equipment_of("") == SetOf<Equipment>{bodyweight});
    CHECK(equipment_of("null") == SetOf<Equipment>{bodyweight});
    CHECK(equipment_of("[]") == SetOf<Equipment>{bodyweight});
    CHECK(equipment_of(R"(["Bodyweight Only"])") == SetOf<Equipment>{bodyweight});
    CHECK(equipment_of(R"("Dumbbells")") == SetOf<Equipment>{bodyweight, dumbbells});
    CHECK(equipment_of(R"(["Barbell & plates"])") == SetOf<Equipment>{bodyweight, barbell});
    CHECK(equipment_of(R"(["Resistance Bands","Pull-up bar"])") ==
          SetOf<Equipment>{bodyweight, bands, pull_up_bar});
    CHECK(equipment_of(R"(["Cable Machine"])") == SetOf<Equipment>{bodyweight, cable});
    CHECK(equipment_of(R"j(["Cardio Machines (Treadmill, Bike)"])j") ==
          SetOf<Equipment>{bodyweight, cardio_machine});
    CHECK(equipment_of(R"(["Smith machine"])") == SetOf<Equipment>{bodyweight, smith_machine});
    CHECK(equipment_of(R"(["Machines"])") == SetOf<Equipment>{bodyweight, machines});
    for (std::string gym : {R"("Full Gym")", R"(["Commercial gym"])", R"(["gym"])"})
        CHECK(equipment_of(gym).contains(
            {barbell, squat_rack, bench, dumbbells, cable, machines, cardio_machine}));
}

TEST_CASE("unknown equipment is kept as said and adds nothing") {
    Profile profile = read(with("equipment", R"(["Hoverboard"])"));
    CHECK(profile.equipment == SetOf<Equipment>{Equipment::bodyweight});
    CHECK(profile.equipment_said == std::vector<std::string>{"Hoverboard"});
}

TEST_CASE("equipment that is said to be missing is not counted on") {
    using enum Equipment;
    CHECK_FALSE(equipment_of(R"j(["Full gym (no barbell)"])j").contains(barbell));
    CHECK(equipment_of(R"j(["Full gym (no barbell)"])j").contains(dumbbells));
    CHECK_FALSE(equipment_of(R"(["Full gym, but no cable machine"])").contains(cable));
    CHECK(equipment_of(R"(["No equipment"])") == SetOf<Equipment>{bodyweight});
    CHECK(equipment_of(R"(["I don't have dumbbells, only bands"])") == SetOf<Equipment>{bodyweight, bands});
}

TEST_CASE("injuries are found by keyword in four languages") {
    using enum Region;
    struct Case {
        std::string text;
        SetOf<Region> regions;
    };
    const Case cases[] = {
        {"Bad left knee", {knee}},
        {"ACL tear 2019; rotator cuff", {knee, shoulder}},
        {"lower back pain", {lower_back}},
        {"upper back tightness", {upper_back}},
        {"my back", {lower_back}},
        {"No injuries, but my KNEES ache", {knee}},
        {"tennis elbow and sore wrists", {elbow, wrist}},
        {"Achilles", {ankle}},
        {"hip flexor", {hip}},
        {"stiff neck", {neck}},
        {"dolor de rodilla y hombro", {knee, shoulder}},
        {"muñeca", {wrist}},
        {"Schmerzen im Rücken und in der Hüfte", {lower_back, hip}},
        {"Knöchel verstaucht", {ankle}},
        {"épaule droite, genou", {shoulder, knee}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(injured_by(c.text) == c.regions);
    }
}

TEST_CASE("words that only look like a region are not one") {
    for (std::string text : {"general discomfort", "championship nerves"}) {
        CAPTURE(text);
        CHECK(injured_by(text).empty());
    }
}

TEST_CASE("a user who says there is nothing has no injury") {
    for (std::string text : {"none", "None.", "no injuries", "N/A", "n/a", "-",
                             "No known injuries or limitations", "ninguna", "keine", "aucune blessure"}) {
        CAPTURE(text);
        Profile profile = read(with("injuriesLimitations", fmt::format("\"{}\"", text)));
        CHECK(profile.injured.empty());
        CHECK(profile.injuries_said.empty());
    }
}

TEST_CASE("an injury in words we do not know is kept for the prompt") {
    Profile profile = read(with("injuriesLimitations", R"("болит колено")"));
    CHECK(profile.injured.empty());
    CHECK(profile.injuries_said == "болит колено");
    CHECK(read(with("injuriesLimitations", R"("pain")")).injuries_said == "pain");
}

}  // namespace profile_test
