#include "retention_dumps.hpp"
#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>

using namespace dbbackup;
using namespace dbbackup::test;
using store::RetentionPolicy;
using Texts = std::vector<std::string>;

namespace {

RetentionPolicy keep(unsigned RetentionPolicy::*rule, unsigned count) {
    RetentionPolicy policy;
    policy.*rule = count;
    return policy;
}

RetentionPolicy keep_within(const char* span) {
    RetentionPolicy policy;
    policy.within = base::parse_calendar_span(span);
    return policy;
}

/// The remaining dumps of those started at `times`.
Texts kept(const Texts& times, const RetentionPolicy& policy,
           const std::string& now = "2030-01-01") {
    Texts names;
    for (const std::string& decision : decide({times.begin(), times.end()}, policy, now)) {
        if (const std::size_t colon = decision.find(": "); colon != std::string::npos) {
            names.push_back(decision.substr(0, colon));
        }
    }
    return names;
}

} // namespace

TEST_CASE("rules that keep nothing are a usage error") {
    for (const RetentionPolicy& policy :
         {RetentionPolicy{}, keep(&RetentionPolicy::last, 0), keep_within("0d")}) {
        CHECK_THROWS_AS(require_usable(policy), base::Error);
        CHECK_THROWS_AS(plan_prune({}, policy, {}), base::Error);
    }
    for (const auto rule :
         {&RetentionPolicy::last, &RetentionPolicy::hourly, &RetentionPolicy::daily,
          &RetentionPolicy::weekly, &RetentionPolicy::monthly, &RetentionPolicy::yearly}) {
        CHECK_NOTHROW(require_usable(keep(rule, 1)));
    }
    CHECK_NOTHROW(require_usable(keep_within("1h")));
    CHECK_NOTHROW(require_usable(keep_within("1m")));
    try {
        store::require_usable({});
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::ErrorKind::usage);
    }
}

TEST_CASE("the last dumps are kept, in whatever order they are passed") {
    CHECK(decide({DumpCase{"2026-01-02"}, DumpCase{"2026-01-04"}, DumpCase{"2026-01-01"},
                  DumpCase{"2026-01-03"}},
                 keep(&RetentionPolicy::last, 2)) ==
          Texts{"2026-01-02:", "2026-01-04: newest last", "2026-01-01:", "2026-01-03: last"});
    CHECK(kept({"2026-01-02", "2026-01-01"}, keep(&RetentionPolicy::last, 9)) ==
          Texts{"2026-01-02", "2026-01-01"});
    CHECK(plan_prune({}, keep(&RetentionPolicy::last, 1), {}).empty());
}

TEST_CASE("of dumps with the same time, the later name is the newer one") {
    CHECK(decide({DumpCase{"2026-01-01", "a"}, DumpCase{"2026-01-01", "c"},
                  DumpCase{"2026-01-01", "b"}},
                 keep(&RetentionPolicy::last, 2)) == Texts{"a:", "c: newest last", "b: last"});
}

TEST_CASE("each hour, day, month and year keeps its newest dump") {
    CHECK(kept({"2026-01-01T02:00:00.000", "2026-01-01T01:59:59.999", "2026-01-01T01:00:00.000",
                "2026-01-01T00:59:59.999"},
               keep(&RetentionPolicy::hourly, 3)) ==
          Texts{"2026-01-01T02:00:00.000", "2026-01-01T01:59:59.999", "2026-01-01T00:59:59.999"});
    CHECK(kept({"2028-03-01T00:00", "2028-02-29T23:59", "2028-02-29T00:00", "2028-02-28T23:59"},
               keep(&RetentionPolicy::daily, 3)) ==
          Texts{"2028-03-01T00:00", "2028-02-29T23:59", "2028-02-28T23:59"});
    CHECK(kept({"2027-01-01", "2026-12-31", "2026-12-01", "2026-11-30"},
               keep(&RetentionPolicy::monthly, 3)) ==
          Texts{"2027-01-01", "2026-12-31", "2026-11-30"});
    CHECK(kept({"2027-01-01T00:00", "2026-12-31T23:59", "2026-01-01", "2025-12-31"},
               keep(&RetentionPolicy::yearly, 3)) ==
          Texts{"2027-01-01T00:00", "2026-12-31T23:59", "2025-12-31"});
}

TEST_CASE("the same hour of another day, or month of another year, is a different one") {
    CHECK(
        kept({"2026-01-02T03:00", "2026-01-01T03:00"}, keep(&RetentionPolicy::hourly, 2)).size() ==
        2);
    CHECK(kept({"2026-02-01", "2026-01-01"}, keep(&RetentionPolicy::daily, 2)).size() == 2);
    CHECK(kept({"2026-11-20", "2025-11-20"}, keep(&RetentionPolicy::monthly, 2)).size() == 2);
    CHECK(kept({"2026-03-02", "2025-03-03"}, keep(&RetentionPolicy::weekly, 2)).size() == 2);
}

TEST_CASE("weeks begin on Monday and continue across the end of a year") {
    // 2026 has 53 weeks: the last one is from 2026-12-28 to 2027-01-03.
    CHECK(kept({"2027-01-04", "2027-01-03T23:59", "2027-01-01", "2026-12-31", "2026-12-28T00:00",
                "2026-12-27T23:59"},
               keep(&RetentionPolicy::weekly, 3)) ==
          Texts{"2027-01-04", "2027-01-03T23:59", "2026-12-27T23:59"});
    // Week 1 of 2025 begins in the old year: 2024-12-30 to 2025-01-05.
    CHECK(kept({"2025-01-05", "2025-01-01", "2024-12-31", "2024-12-30", "2024-12-29"},
               keep(&RetentionPolicy::weekly, 2)) == Texts{"2025-01-05", "2024-12-29"});
    CHECK(kept({"1970-01-05", "1970-01-04", "1969-12-29", "1969-12-28"},
               keep(&RetentionPolicy::weekly, 3)) ==
          Texts{"1970-01-05", "1970-01-04", "1969-12-28"});
}

TEST_CASE("periods without dumps use up no places") {
    CHECK(kept({"2026-11-20", "2026-11-10", "2026-08-01", "2020-01-01", "2019-01-01"},
               keep(&RetentionPolicy::daily, 4)) ==
          Texts{"2026-11-20", "2026-11-10", "2026-08-01", "2020-01-01"});
    CHECK(kept({"2026-11-20", "2020-01-01", "2019-06-01", "2019-01-01"},
               keep(&RetentionPolicy::yearly, 3)) ==
          Texts{"2026-11-20", "2020-01-01", "2019-06-01"});
}

TEST_CASE("dumps within a span before now stay, both ends included") {
    const std::string now = "2026-03-31T12:00";
    CHECK(decide({DumpCase{"2026-03-31T12:00"}, DumpCase{"2026-02-28T12:00"},
                  DumpCase{"2026-02-28T11:59:59.999"}},
                 keep_within("1m"),
                 now) == Texts{"2026-03-31T12:00: newest within", "2026-02-28T12:00: within",
                               "2026-02-28T11:59:59.999:"});
    CHECK(kept({"2026-03-30", "2026-03-01T12:00", "2026-03-01T11:59"}, keep_within("30d"), now) ==
          Texts{"2026-03-30", "2026-03-01T12:00"});
    INFO("it goes by now, not by the newest dump, which stays nevertheless");
    CHECK(decide({DumpCase{"2026-01-02"}, DumpCase{"2026-01-01"}}, keep_within("2w"), now) ==
          Texts{"2026-01-02: newest", "2026-01-01:"});
}

TEST_CASE("rules apply independently, and each can keep a dump") {
    RetentionPolicy policy;
    policy.last = 2;
    policy.daily = 2;
    policy.yearly = 2;
    policy.within = base::parse_calendar_span("1d");
    CHECK(decide({DumpCase{"2026-01-02T05:00"}, DumpCase{"2026-01-02T04:00"},
                  DumpCase{"2026-01-01T05:00"}, DumpCase{"2026-01-01T04:00"},
                  DumpCase{"2025-12-31"}, DumpCase{"2025-12-30"}},
                 policy, "2026-01-02T05:00") ==
          Texts{"2026-01-02T05:00: newest last daily yearly within",
                "2026-01-02T04:00: last within", "2026-01-01T05:00: daily within",
                "2026-01-01T04:00:", "2025-12-31: yearly", "2025-12-30:"});
}

TEST_CASE("every database of every server is its own group, whatever the file names") {
    const auto twice = [](std::vector<DumpCase> dumps) {
        std::vector<DumpCase> both;
        for (const DumpCase& dump : dumps) {
            both.push_back(dump);
            both.push_back(dump);
            both.back().dump.name = "an older " + dump.dump.name;
            both.back().dump.manifest->file.name = both.back().dump.name;
            both.back().dump.manifest->dump.started_at -= std::chrono::hours{1};
        }
        return both;
    };
    const Texts decided = decide(twice({DumpCase{"2026-01-01", "app"}.of("app"),
                                        DumpCase{"2026-01-02", "app-staging"}.of("app-staging"),
                                        DumpCase{"2026-01-03", "app_old"}.of("app_old"),
                                        DumpCase{"2026-01-04", "host"}.of("app", "other"),
                                        DumpCase{"2026-01-05", "port"}.of("app", "db", 5433)}),
                                 keep(&RetentionPolicy::last, 1));
    CHECK(decided == Texts{"app: newest last", "an older app:", "app-staging: newest last",
                           "an older app-staging:", "app_old: newest last",
                           "an older app_old:", "host: newest last",
                           "an older host:", "port: newest last", "an older port:"});
    CHECK(decide({DumpCase{"2026-01-02", "x"}, DumpCase{"2026-01-01", "shop_2026-01-01.sql"}},
                 keep(&RetentionPolicy::last, 1)) ==
          Texts{"x: newest last", "shop_2026-01-01.sql:"});
}

TEST_CASE("parts and whole dumps take no places from each other") {
    CHECK(decide({DumpCase{"2026-01-06"}.with("--table=orders"),
                  DumpCase{"2026-01-05"}.with("--schema-only"),
                  DumpCase{"2026-01-04"}.with("--table=orders"), DumpCase{"2026-01-03"},
                  DumpCase{"2026-01-02"}.with("--no-owner"), DumpCase{"2026-01-01"}},
                 keep(&RetentionPolicy::last, 2)) ==
          Texts{"2026-01-06: newest last", "2026-01-05: last",
                "2026-01-04:", "2026-01-03: newest last", "2026-01-02: last", "2026-01-01:"});
}
