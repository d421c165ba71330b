#include "retention_dumps.hpp"
#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>

using namespace dbbackup;
using namespace dbbackup::test;
using Texts = std::vector<std::string>;

namespace {

store::RetentionPolicy policy_with(const char* span) {
    store::RetentionPolicy policy;
    policy.last = 1;
    policy.safety = base::parse_calendar_span(span);
    return policy;
}

std::vector<DumpCase> dumps() {
    return {DumpCase{"2026-01-20"}, DumpCase{"2026-01-19T12:00"}.safety(),
            DumpCase{"2026-01-13"}.safety(), DumpCase{"2026-01-12T23:59:59.999"}.safety(),
            DumpCase{"2026-01-12"}};
}

} // namespace

TEST_CASE("safety dumps are kept for as long as --keep-safety says, and other dumps are not") {
    CHECK(decide(dumps(), policy_with("7d"), "2026-01-20") ==
          Texts{"2026-01-20: newest last", "2026-01-19T12:00: safety", "2026-01-13: safety",
                "2026-01-12T23:59:59.999:", "2026-01-12:"});
}

TEST_CASE("without --keep-safety the rules apply to safety dumps too") {
    CHECK(decide(dumps(), policy_with("0d"), "2026-01-20") ==
          Texts{"2026-01-20: newest last",
                "2026-01-19T12:00:", "2026-01-13:", "2026-01-12T23:59:59.999:", "2026-01-12:"});
}

TEST_CASE("option --keep-safety alone is not a rule") {
    store::RetentionPolicy policy = policy_with("7d");
    policy.last = 0;
    CHECK_THROWS_AS(store::require_usable(policy), base::Error);
}
