// What status says of sealed dumps.

#include "status_scene.hpp"
#include "support/catch.hpp"

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;

namespace {

/// As its manifest says without an identity.
StatusDump sealed(StatusDump dump, std::vector<std::string> recipients = {"age1a", "age1b"}) {
    dump.manifest->seal = store::Manifest::Seal{.recipients = std::move(recipients), .record = {}};
    dump.manifest->contents = {};
    dump.manifest->dump.options.clear();
    return dump;
}

StatusDump read_at(StatusDump dump, std::chrono::milliseconds age) {
    store::Manifest::Verification verification;
    verification.level = "read";
    verification.at = k_now - age;
    verification.result = "ok";
    dump.manifest->verifications.push_back(verification);
    return dump;
}

std::vector<std::string> kinds_of(const std::vector<StatusDump>& dumps,
                                  std::optional<std::chrono::milliseconds> max_key_age = {}) {
    StatusScene scene{dumps};
    scene.request.limits.max_key_age = max_key_age;
    const auto report = scene.judge();
    REQUIRE(report.databases.size() == 1);
    std::vector<std::string> kinds;
    for (const ops::StatusWarning& warning : report.databases.front().warnings) {
        kinds.emplace_back(ops::name_of(warning.kind));
    }
    return kinds;
}

using Kinds = std::vector<std::string>;

} // namespace

TEST_CASE("rows and tables of sealed dumps are not compared, their sizes are") {
    CHECK(kinds_of({sealed(StatusDump{1h, "b.sql"}), StatusDump{25h, "a.sql"}}) == Kinds{});
    CHECK(kinds_of({StatusDump{1h, "b.sql"}, sealed(StatusDump{25h, "a.sql"})}) == Kinds{});
    CHECK(kinds_of({sealed(StatusDump{1h, "b.sql"}.sized(1000)),
                    sealed(StatusDump{25h, "a.sql"})}) == Kinds{"shrunk"});
    StatusDump part = sealed(StatusDump{1h, "b.sql"}.sized(1000));
    part.manifest->dump.is_part = true;
    CHECK(kinds_of({part, sealed(StatusDump{25h, "a.sql"})}) == Kinds{});
}

TEST_CASE("one recipient alone is a note, and of the newest dump only") {
    CHECK(kinds_of({sealed(StatusDump{1h}, {"age1a"})}) == Kinds{"one_recipient"});
    CHECK(kinds_of({sealed(StatusDump{1h, "b.sql"}),
                    sealed(StatusDump{25h, "a.sql"}, {"age1a"})}) == Kinds{});
}

TEST_CASE("a key that was not used for too long, or never, is unhealthy") {
    constexpr std::chrono::hours k_day{24};
    CHECK(kinds_of({sealed(StatusDump{1h})}, 10 * k_day) == Kinds{"never_opened"});
    CHECK(kinds_of({sealed(StatusDump{1h})}) == Kinds{});
    // Reading a plain one opens nothing.
    CHECK(kinds_of({sealed(StatusDump{1h, "b.sql"}), read_at(StatusDump{25h, "a.sql"}, 1h)},
                   10 * k_day) == Kinds{"never_opened"});
    CHECK(kinds_of({sealed(StatusDump{1h, "b.sql"}), read_at(sealed(StatusDump{25h, "a.sql"}), 1h)},
                   10 * k_day) == Kinds{});
    CHECK(kinds_of({read_at(sealed(StatusDump{400h}), 300h)}, 10 * k_day) ==
          Kinds{"too_old", "key_too_old"});
    CHECK(kinds_of({StatusDump{1h}}, 10 * k_day) == Kinds{}); // nothing is sealed
}
