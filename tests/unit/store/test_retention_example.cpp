// The example in docs/retention.md, dump for dump.

#include "retention_dumps.hpp"
#include "support/catch.hpp"

using namespace dbbackup;
using namespace dbbackup::test;

TEST_CASE("the worked example in the documentation is correct") {
    const std::vector<DumpCase> dumps{
        DumpCase{"2026-11-20T03:15"},
        DumpCase{"2026-11-19T16:40"}.safety(),
        DumpCase{"2026-11-19T11:02"},
        DumpCase{"2026-11-19T03:15"},
        DumpCase{"2026-11-18T03:15"}.damaged(),
        DumpCase{"2026-11-17T03:15"},
        DumpCase{"2026-11-16T03:15"},
        DumpCase{"2026-11-15T03:15"},
        DumpCase{"2026-11-14T03:15"},
        DumpCase{"2026-11-13T09:30"}.safety(),
        DumpCase{"2026-11-13T03:15"},
        DumpCase{"2026-11-12T03:15"},
        DumpCase{"2026-11-08T03:15"}.checked("restore"),
        DumpCase{"2026-11-05T03:15"},
        DumpCase{"2026-11-01T03:15"},
        DumpCase{"2026-10-31T03:15"},
        DumpCase{"2026-10-11T03:15"},
        DumpCase{"2026-09-30T03:15"},
        DumpCase{"2026-09-14T18:05"}.pinned(),
        DumpCase{"2026-08-31T03:15"},
    };
    store::RetentionPolicy policy;
    policy.last = 3;
    policy.daily = 7;
    policy.weekly = 4;
    policy.monthly = 12;
    CHECK(decide(dumps, policy, "2026-11-20T04:00") ==
          std::vector<std::string>{
              "2026-11-20T03:15: newest last daily weekly monthly",
              "2026-11-19T16:40: last daily",
              "2026-11-19T11:02: last daily",
              "2026-11-19T03:15: last",
              "2026-11-18T03:15: daily",
              "2026-11-17T03:15: daily",
              "2026-11-16T03:15: daily",
              "2026-11-15T03:15: daily weekly",
              "2026-11-14T03:15: daily",
              "2026-11-13T09:30: daily",
              "2026-11-13T03:15: daily",
              "2026-11-12T03:15:",
              "2026-11-08T03:15: newest_verified newest_proven weekly",
              "2026-11-05T03:15:",
              "2026-11-01T03:15: weekly",
              "2026-10-31T03:15: monthly",
              "2026-10-11T03:15:",
              "2026-09-30T03:15: monthly",
              "2026-09-14T18:05: pinned",
              "2026-08-31T03:15: monthly",
          });
}
