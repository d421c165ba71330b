#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/moment.hpp>

#include <cstdlib>
#include <ctime>

using namespace dbbackup;

namespace {

/// The time zone of this process, for as long as it lives.
class Zone {
public:
    explicit Zone(const char* name) : before_(std::getenv("TZ") ? std::getenv("TZ") : "") {
        ::setenv("TZ", name, 1);
        ::tzset();
    }

    ~Zone() {
        before_.empty() ? ::unsetenv("TZ") : ::setenv("TZ", before_.c_str(), 1);
        ::tzset();
    }

    Zone(const Zone&) = delete;
    Zone& operator=(const Zone&) = delete;

private:
    std::string before_;
};

std::string moment(const char* text, const char* now = "2026-11-21T00:30:00.000Z") {
    return base::format_utc(base::parse_moment(text, base::parse_utc(now).value()));
}

} // namespace

TEST_CASE("a moment is parsed as people write it, in the local time zone") {
    const Zone zone{"TST-2"}; // two hours before UTC
    struct Case {
        const char* text;
        const char* utc;
    };

    for (const Case& c : {
             Case{"today", "2026-11-20T22:00:00.000Z"},
             Case{"yesterday", "2026-11-19T22:00:00.000Z"},
             Case{"2026-11-20", "2026-11-19T22:00:00.000Z"},
             Case{"2026-11-20 14:30", "2026-11-20T12:30:00.000Z"},
             Case{"2026-11-20T14:30", "2026-11-20T12:30:00.000Z"},
             Case{"2026-11-20 14:30:15", "2026-11-20T12:30:15.000Z"},
             Case{"2026-11-20 14:30:15.1234", "2026-11-20T12:30:15.123Z"},
             Case{"2026-11-20T14:30:00Z", "2026-11-20T14:30:00.000Z"},
             Case{"2026-11-20T14:30:00.5+01:00", "2026-11-20T13:30:00.500Z"},
             Case{"2026-11-20T14:30-0330", "2026-11-20T18:00:00.000Z"},
             Case{"2h", "2026-11-20T22:30:00.000Z"},
             Case{"3d", "2026-11-18T00:30:00.000Z"},
             Case{"2w", "2026-11-07T00:30:00.000Z"},
         }) {
        INFO(c.text);
        CHECK(moment(c.text) == c.utc);
    }
}

TEST_CASE("yesterday is the previous day in the local time zone") {
    const Zone zone{"TST5"}; // behind UTC: still the 20th here
    CHECK(moment("yesterday") == "2026-11-19T05:00:00.000Z");
    CHECK(moment("today") == "2026-11-20T05:00:00.000Z");
}

TEST_CASE("an invalid or ambiguous moment is refused") {
    for (const char* text : {"", "tomorrow", "30m", "6m", "2", "-2h", "h", "2026-02-30",
                             "2026-13-01", "2026-11-20 24:00", "2026-11-20 14", "20.11.2026",
                             "2026-11-20 14:30 CET", "2026-11", "14:30", "2h3"}) {
        INFO(text);
        CHECK_THROWS_AS(moment(text), base::Error);
    }
}
