#include "support/catch.hpp"

#include <dbbackup/base/text.hpp>

#include <nlohmann/json.hpp>

using namespace dbbackup::base;
using namespace std::string_literals;

TEST_CASE("printable escapes characters that control a terminal") {
    CHECK(printable("plain text, ÄÖ, 日本") == "plain text, ÄÖ, 日本");
    CHECK(printable("a\nb\rc\td") == "a\\nb\\rc\\td");
    CHECK(printable("\x1b[31mred\x07") == "\\x1B[31mred\\x07");
    CHECK(printable("nul\0here"s) == "nul\\x00here");
    CHECK(printable("\x7f") == "\\x7F");
    CHECK(printable("\xC2\x9B") == "\\xC2\\x9B");                   // C1: CSI
    CHECK(printable("\xE2\x80\xAE") == "\\xE2\\x80\\xAE");          // right-to-left override
    CHECK(printable("\xff\xfe") == "\\xFF\\xFE");                   // no UTF-8
    CHECK(printable("\xC0\xAF") == "\\xC0\\xAF");                   // overlong
    CHECK(printable("\xED\xA0\x80") == "\\xED\\xA0\\x80");          // surrogate
    CHECK(printable("\xF4\x90\x80\x80") == "\\xF4\\x90\\x80\\x80"); // past U+10FFFF
    CHECK(printable("\xE2\x82") == "\\xE2\\x82");                   // cut short
}

TEST_CASE("to_valid_utf8 keeps different names different") {
    CHECK(to_valid_utf8("a\nb") == "a\nb");
    CHECK(to_valid_utf8("caf\xe9") == "caf\\xE9");
    CHECK(to_valid_utf8("\xfe") != to_valid_utf8("\xff"));
    CHECK(to_valid_utf8("\\xE9") == "\\x5CxE9");
    CHECK(to_valid_utf8("\\x5CxE9") == "\\x5Cx5CxE9");
    CHECK(to_valid_utf8("C:\\x") == "C:\\x");
    CHECK(is_valid_utf8(to_valid_utf8("\x80\xc3(\xf0\x9f")));
}

TEST_CASE("printable_json keeps every value and no character that controls a terminal") {
    CHECK(printable_json("{\"a\": \"\xC2\x9B \x7f \xE2\x80\xAE\"}\n") ==
          "{\"a\": \"\\u009b \\u007f \\u202e\"}\n");
    CHECK(printable_json("[\n  \"\\u001b \\\\ ÄÖ 日本 \xF0\x9F\x90\x98\"\n]") ==
          "[\n  \"\\u001b \\\\ ÄÖ 日本 \xF0\x9F\x90\x98\"\n]");
    std::string all;
    for (char32_t c = 1; c < 0x3000; ++c) { // two and three bytes, with all that is escaped
        all += c < 0x80    ? std::string{static_cast<char>(c)}
               : c < 0x800 ? std::string{static_cast<char>(0xC0 | c >> 6),
                                         static_cast<char>(0x80 | (c & 0x3F))}
                           : std::string{static_cast<char>(0xE0 | c >> 12),
                                         static_cast<char>(0x80 | (c >> 6 & 0x3F)),
                                         static_cast<char>(0x80 | (c & 0x3F))};
    }
    const std::string json = printable_json(nlohmann::json(all).dump());
    CHECK(printable(json) == json);
    CHECK(nlohmann::json::parse(json) == all);
}

TEST_CASE("printable_unambiguously keeps different names different") {
    CHECK(printable_unambiguously("a\nb \x1b \xE2\x80\xAE \xff ÄÖ") ==
          "a\\x0Ab \\x1B \\xE2\\x80\\xAE \\xFF ÄÖ");
    CHECK(printable_unambiguously("\\x1B") == "\\x5Cx1B");
    CHECK(printable_unambiguously("C:\\x") == "C:\\x");
}

TEST_CASE("is_valid_utf8 accepts exactly the well-formed sequences") {
    CHECK(is_valid_utf8(""));
    CHECK(is_valid_utf8("\xF0\x9F\x90\x98"));
    CHECK_FALSE(is_valid_utf8("\xF0\x9F\x90"));
    CHECK_FALSE(is_valid_utf8("\x80"));
    CHECK_FALSE(is_valid_utf8("\xC1\xBF"));
}

TEST_CASE("printable_line joins several lines into one") {
    CHECK(printable_line("connection refused\n\tIs it running?\n") ==
          "connection refused; Is it running?");
    CHECK(printable_line("  a \t b\r\n\n c\x1b ") == "a b; c\\x1B");
    CHECK(printable_line("").empty());
}

TEST_CASE("with_thousands groups digits by three") {
    CHECK(with_thousands(0) == "0");
    CHECK(with_thousands(999) == "999");
    CHECK(with_thousands(1000) == "1,000");
    CHECK(with_thousands(15607) == "15,607");
    CHECK(with_thousands(18446744073709551615ULL) == "18,446,744,073,709,551,615");
}

TEST_CASE("invisible characters are escaped, in text and in JSON") {
    CHECK(printable("a\u200Bb") == "a\\xE2\\x80\\x8Bb");
    CHECK(printable("a\u00ADb\uFEFF") == "a\\xC2\\xADb\\xEF\\xBB\\xBF");
    CHECK(printable("x\U000E0041") == "x\\xF3\\xA0\\x81\\x81");
    CHECK(printable_json("\"\u200B\U000E0041\u00e9\"") == "\"\\u200b\\udb40\\udc41\u00e9\"");
}
