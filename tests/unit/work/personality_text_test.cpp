#include "work/personality/text.hpp"

#include <doctest/doctest.h>

#include "work/personality/address.hpp"
#include "work/personality/moment.hpp"

namespace personality_text_test {

using namespace spotter::work::persona;

namespace {

std::string words_in(std::string_view text) {
    return read_text(text).words;
}
Counts counted(std::string_view text) {
    return read_text(text).counts;
}

}  // namespace

TEST_CASE("words are told apart as people count them") {
    CHECK(words_in("It’s a well-known fact, isn't it?") == " it's a well-known fact isn't it ");
    CHECK(words_in("3.5 km at 10:30, -5 and 1,000") == " 3.5 km at 10:30 5 and 1,000 ");
    CHECK(words_in("¡ÁRBOL! El niño… Straße e\u0301te\u0301") == " arbol el nino straße ete ");
    CHECK(words_in("word - word -- 'quoted' end-") == " word word quoted end ");
    CHECK(words_in("") == " ");
    CHECK(words_in("!?…  \n") == " ");
    CHECK(words_in("#running and hash#tag") == " running and hash tag ");
}

TEST_CASE("words of every script count") {
    CHECK(counted("Сегодня утром я бегал").words == 4);
    CHECK(words_in("Сегодня Утром") == " сегодня утром ");
    CHECK(counted("오늘 아침에 달리기를 했어요").words == 4);
    CHECK(counted("हिन्दी में लिखा गया एक वाक्य").words == 6);
    CHECK(counted("مرحبا بالعالم اليوم").words == 3);
}

TEST_CASE("scripts without spaces are counted by characters, or by about a word's length") {
    CHECK(words_in("今天天气好") == " 今 天 天 气 好 ");
    CHECK(counted("とても楽しい").words == 6);
    CHECK(counted("ในวันนี้สนุกมาก").words == 3);
    CHECK(words_in("我用Linux写code") == " 我 用 linux 写 code ");
    CHECK(counted("今天天气好").spaced_words == 0);
}

TEST_CASE("links, addresses, mentions and emoji are no words") {
    for (std::string nothing :
         {"https://example.com/a/b?c=d#e", "(www.example.com)", "bit.ly/abc", "example.com",
          "ana.b@example.co.uk", "@ana_b", "@ana@example.social", "😀 👍🏽 ❤️ 🇪🇸", "HTTP://EXAMPLE.COM"}) {
        CAPTURE(nothing);
        CHECK(counted(nothing).words == 0);
    }
    CHECK(words_in("我喜欢https://example.com/很好") == " 我 喜 欢 很 好 ");
    CHECK(words_in("look (https://example.com/a), there") == " look there ");
    CHECK(words_in("one.two Node.js e.g. it") == " one two node js e g it ");
    CHECK(counted("hi @ana and @bob, see https://a.com and b.org").mentions == 2);
    CHECK(counted("hi @ana and @bob, see https://a.com and b.org").links == 2);
}

TEST_CASE("a picture is one emoji however it is made") {
    CHECK(counted("😀").emoji == 1);
    CHECK(counted("👍🏽").emoji == 1);
    CHECK(counted("👨‍👩‍👧").emoji == 1);
    CHECK(counted("🇪🇸🇲🇽").emoji == 2);
    CHECK(counted("❤️❤️").emoji == 2);
    CHECK(counted("1 # * © ™ ❤").emoji == 0);
}

TEST_CASE("marks, capitals and sentences are counted") {
    Counts counts = counted("WOW, that is GREAT!! Is it? i think so... Yes");
    CHECK(counts.commas == 1);
    CHECK(counts.exclamations == 2);
    CHECK(counts.questions == 1);
    CHECK(counts.ellipses == 1);
    CHECK(counts.shouted_words == 2);
    CHECK(counts.sentences == 4);
    CHECK(counts.capital_starts == 3);
    CHECK(counts.lower_starts == 1);
    CHECK(counted("extraordinary evenings").long_words == 2);
    CHECK(counted("12 of b2b").number_words == 2);
    CHECK(counted("line one\nline two").sentences == 2);
    CHECK(counted("好。很好！是吗？").sentences == 3);
    CHECK(counted("no end").sentences == 1);
    CHECK(counted("I").shouted_words == 0);
}

TEST_CASE("counts add up, member by member") {
    const char* parts[] = {"WOW, look https://a.com! 😀 ", "@ana Why? so... 12 extraordinary\nthings"};
    Counts sum = counted(parts[0]);
    sum += counted(parts[1]);
    Counts whole = counted(std::string(parts[0]) + "\n" + parts[1]);
    for (int Counts::* member :
         {&Counts::words, &Counts::spaced_words, &Counts::long_words, &Counts::number_words,
          &Counts::shouted_words, &Counts::sentences, &Counts::capital_starts, &Counts::lower_starts,
          &Counts::commas, &Counts::exclamations, &Counts::questions, &Counts::ellipses, &Counts::emoji,
          &Counts::links, &Counts::mentions}) {
        CHECK(sum.*member == whole.*member);
        CHECK(sum.*member > 0);
    }
}

TEST_CASE("bytes that are no text do no harm") {
    CHECK(counted("ok \xff\xfe\xc3 ok \xe2\x82").words == 2);
    CHECK(folded("\xff\xff") == "");
}

TEST_CASE("folding takes case, accents and spare spaces, and leaves signs") {
    CHECK(folded("  C++   Ñandú\t\n") == "c++ nandu");
    CHECK(folded("C#") != folded("C++"));
    CHECK(folded("") == "");
}

TEST_CASE("telephone numbers are seen, dates and figures are not") {
    for (const char* number :
         {"call 555-1234 now", "+34 612 345 678", "(415) 555-2671", "0049 30 1234567", "tel:6123456"})
        CHECK_MESSAGE(has_phone_number(number), number);
    for (const char* other : {"in 2019-2023", "on 2024-01-15", "8 of 10, 2.1 and 34.2",
                              "12345678901234567890", "4.5 of 100; 12.0 of 30"})
        CHECK_MESSAGE(!has_phone_number(other), other);
}

TEST_CASE("moments are read as ISO 8601 has them") {
    CHECK(read_moment("1970-01-02")->seconds == 86400);
    CHECK_FALSE(read_moment("1970-01-02")->hour.has_value());
    CHECK(read_moment("2026-01-31T10:00:00Z")->seconds == 1769853600);
    CHECK(read_moment("2026-01-31T10:00:00.123Z")->seconds == 1769853600);
    CHECK(read_moment("2026-01-31 12:00:00+02")->seconds == 1769853600);
    CHECK(read_moment("2026-01-31 12:00:00+02")->hour == 12);
    CHECK(read_moment("2026-01-31T06:30-0330")->seconds == 1769853600);
    CHECK(read_moment("2026-01-31T15:30:00+05:30")->seconds == 1769853600);
    CHECK(read_moment("2026-01-31T10:00")->weekend);
    CHECK_FALSE(read_moment("2026-01-30T10:00")->weekend);
}

TEST_CASE("what is no moment is none") {
    for (const char* text : {"", "yesterday", "2026-02-30", "2026-13-01", "2026-01-31T", "2026-01-31T25:00",
                             "2026-01-31T10", "2026-01-31T10:00:00Zulu", "2026-01-31T10:00+2", "31/01/2026",
                             "1769853600", "2026-1-31", "2026-01-31T10:00:00+99:00", "20260131"})
        CHECK_MESSAGE(!read_moment(text), text);
}

}  // namespace personality_text_test
