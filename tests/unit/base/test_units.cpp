#include "support/catch.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/calendar_span.hpp>
#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>

#include <cerrno>

using namespace dbbackup::base;
using namespace std::chrono_literals;

TEST_CASE("byte sizes have at most three digits") {
    CHECK(format_byte_size(0) == "0 B");
    CHECK(format_byte_size(1023) == "1023 B");
    CHECK(format_byte_size(1024) == "1.0 KiB");
    CHECK(format_byte_size(10 * 1024) == "10 KiB");
    CHECK(format_byte_size((1U << 20) - 1) == "1.0 MiB");
    CHECK(format_byte_size(18446744073709551615ULL) == "16 EiB");
}

TEST_CASE("durations are parsed with their unit") {
    CHECK(parse_duration("500ms") == 500ms);
    CHECK(parse_duration("30s") == 30s);
    CHECK(parse_duration("5m") == 5min);
    CHECK(parse_duration("5min") == 5min);
    CHECK(parse_duration("26h") == 26h);
    CHECK(parse_duration("30d") == 720h);
    CHECK(parse_duration("2w") == 336h);
    for (const char* wrong : {"", "s", "-1s", "30", "0", "+1s", "1.5h", "1 h", "1hh", "h1", "0x10",
                              "9223372036854775807w", "99999999999999999999"}) {
        INFO(wrong);
        CHECK_THROWS_AS(parse_duration(wrong), Error);
    }
}

TEST_CASE("a number without a unit is an error that asks for one") {
    const auto hint = [](auto parse, const char* text) {
        try {
            (void)parse(text);
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::usage);
            return error.what() + ("|" + error.hint());
        }
        return std::string{"accepted"};
    };
    const auto duration = [](const char* text) { return parse_duration(text); };
    const auto span = [](const char* text) { return parse_calendar_span(text); };
    const auto timeout = [](const char* text) { return parse_timeout(text); };
    CHECK(hint(duration, "26") == "'26' has no unit|26 what? Write 26h (hours), 26d (days), 26m "
                                  "(minutes) or 26s (seconds).");
    CHECK(hint(span, "7") == "'7' has no unit|7 what? Write 7h (hours), 7d (days), 7w (weeks), 7m "
                             "(months) or 7y (years).");
    CHECK(hint(timeout, "5000") ==
          "'5000' has no unit|5000 what? Write 5000ms (milliseconds) or 5000s (seconds).");
    CHECK(hint(timeout, "999") == "accepted");
    CHECK(hint(duration, "1234567890").starts_with("'1234567890' is not a duration|"));
}

TEST_CASE("a small number as a timeout means seconds") {
    CHECK(parse_timeout("30") == 30s);
    CHECK(parse_timeout("999") == 999s);
    CHECK(parse_timeout("5000ms") == 5s);
    CHECK(parse_timeout("5m") == 5min);
    for (const char* wrong : {"", "-1", "1000", "0030", "1 s", "99999999999999999999"}) {
        INFO(wrong);
        CHECK_THROWS_AS(parse_timeout(wrong), Error);
    }
}

TEST_CASE("durations are shown in at most two units") {
    CHECK(format_duration(0ms) == "0.0 s");
    CHECK(format_duration(440ms) == "0.4 s");
    CHECK(format_duration(9949ms) == "9.9 s");
    CHECK(format_duration(12'300ms) == "12 s");
    CHECK(format_duration(185s) == "3 min 5 s");
    CHECK(format_duration(2h) == "2 h");
    CHECK(format_duration(2h + 10min) == "2 h 10 min");
    CHECK(format_duration(99h) == "4 d 3 h");
}

TEST_CASE("times are written and read as RFC 3339 in UTC") {
    const auto time = parse_utc("2026-11-20T03:15:00.123Z");
    REQUIRE(time);
    CHECK(format_utc(*time) == "2026-11-20T03:15:00.123Z");
    CHECK(format_utc(UtcTime{}) == "1970-01-01T00:00:00.000Z");
    CHECK(parse_utc("2024-02-29T23:59:59.999Z"));
    for (const char* wrong :
         {"", "2026-11-20", "2026-11-20T03:15:00Z", "2026-02-29T00:00:00.000Z",
          "2026-13-01T00:00:00.000Z", "2026-11-20T24:00:00.000Z", "2026-11-20T03:60:00.000Z",
          "2026-11-20 03:15:00.123Z", "2026-11-20T03:15:00.123+", "2026-11-2xT03:15:00.123Z"}) {
        INFO(wrong);
        CHECK_FALSE(parse_utc(wrong));
    }
}

TEST_CASE("system errors name the action and the cause") {
    const Error error = system_error("write x", ENOSPC, "Free some space.");
    CHECK(std::string{error.what()} == "cannot write x: No space left on device");
    CHECK(error.hint() == "Free some space.");
    CHECK(error.kind() == ErrorKind::failed);
}
