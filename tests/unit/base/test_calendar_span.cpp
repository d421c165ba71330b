#include "support/catch.hpp"

#include <dbbackup/base/calendar_span.hpp>
#include <dbbackup/base/error.hpp>

using namespace dbbackup::base;
using namespace std::chrono_literals;
using std::chrono::months;

namespace {

std::string before(const char* time, const char* span) {
    return format_utc(moment_before(parse_utc(time).value(), parse_calendar_span(span)));
}

} // namespace

TEST_CASE("calendar spans have a unit, and m means months") {
    CHECK(parse_calendar_span("48h") == CalendarSpan{.months = months{0}, .hours = 48h});
    CHECK(parse_calendar_span("30d") == CalendarSpan{.months = months{0}, .hours = 720h});
    CHECK(parse_calendar_span("2w") == CalendarSpan{.months = months{0}, .hours = 336h});
    CHECK(parse_calendar_span("6m") == CalendarSpan{.months = months{6}, .hours = 0h});
    CHECK(parse_calendar_span("1y") == CalendarSpan{.months = months{12}, .hours = 0h});
    CHECK(parse_calendar_span("9999y").months == months{119'988});
    CHECK(parse_calendar_span("0d").is_zero());
    CHECK_FALSE(parse_calendar_span("1m").is_zero());
    CHECK_FALSE(parse_calendar_span("1h").is_zero());
    for (const char* wrong : {"",
                              "d",
                              "30",
                              "-1d",
                              "+1d",
                              "1.5d",
                              "1 d",
                              "1dd",
                              "d1",
                              "1D",
                              "1M",
                              "5min",
                              "30s",
                              "500ms",
                              "1y6m",
                              "10000y",
                              "119989m",
                              "87650000h",
                              "99999999999999999999d",
                              "9223372036854775807w"}) {
        INFO(wrong);
        CHECK_THROWS_AS(parse_calendar_span(wrong), Error);
    }
}

TEST_CASE("a span goes back by the calendar, and stops at a month's end") {
    CHECK(before("2026-03-31T10:20:30.456Z", "1m") == "2026-02-28T10:20:30.456Z");
    CHECK(before("2028-03-31T10:20:30.456Z", "1m") == "2028-02-29T10:20:30.456Z");
    CHECK(before("2028-03-30T00:00:00.000Z", "1m") == "2028-02-29T00:00:00.000Z");
    CHECK(before("2026-03-28T00:00:00.000Z", "1m") == "2026-02-28T00:00:00.000Z");
    CHECK(before("2026-12-31T23:59:59.999Z", "6m") == "2026-06-30T23:59:59.999Z");
    CHECK(before("2026-01-15T00:00:00.000Z", "1m") == "2025-12-15T00:00:00.000Z");
    CHECK(before("2026-01-15T00:00:00.000Z", "13m") == "2024-12-15T00:00:00.000Z");
    CHECK(before("2028-02-29T12:00:00.000Z", "1y") == "2027-02-28T12:00:00.000Z");
    CHECK(before("2028-02-29T12:00:00.000Z", "4y") == "2024-02-29T12:00:00.000Z");
    CHECK(before("2028-03-01T12:00:00.000Z", "1d") == "2028-02-29T12:00:00.000Z");
    CHECK(before("2027-01-01T00:30:00.000Z", "1h") == "2026-12-31T23:30:00.000Z");
    CHECK(before("2026-11-20T04:00:00.000Z", "2w") == "2026-11-06T04:00:00.000Z");
    CHECK(before("2026-11-20T04:00:00.000Z", "0m") == "2026-11-20T04:00:00.000Z");
}
