#include "read_script.hpp"
#include "support/catch.hpp"
#include "support/gate_attacks.hpp"

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

const std::string k_marker = "/tmp/marker";
constexpr std::size_t k_longest_for_all_splits = 4000;

} // namespace

TEST_CASE("no attack comes through the gate, however the dump is cut into chunks") {
    for (const GateAttack& attack : gate_attacks(k_marker)) {
        INFO(attack.name << "\n" << attack.dump.substr(0, k_longest_for_all_splits));
        const pg::Script whole = pg::read_script(attack.dump);
        CHECK((attack.verdict == GateAttack::Verdict::refused) == !whole.refusal.empty());
        for (const std::size_t chunk : {1U, 2U, 3U, 7U}) {
            REQUIRE(pg::read_script(attack.dump, chunk, chunk) == whole);
        }
        if (attack.dump.size() < k_longest_for_all_splits) {
            for (std::size_t head = 1; head < attack.dump.size(); ++head) {
                REQUIRE(pg::read_script(attack.dump, head, attack.dump.size()) == whole);
            }
        }
    }
}

TEST_CASE("what attacks are put into comes through the gate") {
    const pg::Script script = pg::read_script(dump_with("SELECT '\\! touch /tmp/marker';\n"));
    CHECK(script.refusal.empty());
    CHECK(script.rows == "1\n2\n<2>");
    CHECK(script.statements.back() == "COPY public.loot (id) FROM stdin;");
    CHECK(script.statements.at(script.statements.size() - 2) == "SELECT '\\! touch /tmp/marker';");
}
