#include "support/attacks/gate_attacks.hpp"
#include "support/attacks/hostile_statements.hpp"
#include "support/catch.hpp"
#include "unit/pg/read_script.hpp"

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

const std::string k_marker = "/tmp/marker";
constexpr std::size_t k_longest_for_all_splits = 4000;

} // namespace

TEST_CASE("no attack passes the gate, however the dump is split into chunks", "[slow]") {
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

TEST_CASE("a hundred hostile statements are refused, each with its position") {
    const auto statements = hostile_statements(k_marker);
    REQUIRE(statements.size() > 100);
    for (const HostileStatement& statement : statements) {
        INFO(statement.sql);
        const std::string dump = dump_with(statement.sql);
        const pg::Script whole = pg::read_script(dump);
        for (const std::size_t chunk : {1U, 2U, 3U, 7U}) {
            REQUIRE(pg::read_script(dump, chunk, chunk) == whole);
        }
        const std::string& refusal = whole.refusal;
        REQUIRE(refusal.starts_with("the dump is not safe to run: at byte "));
        std::string place = refusal.substr(refusal.find("byte ") + 5);
        place = place.substr(0, place.find(' '));
        std::erase(place, ',');
        const std::size_t begin = dump.find(statement.sql);
        CHECK(std::stoul(place) >= begin);
        CHECK(std::stoul(place) < begin + statement.sql.size());
    }
}

TEST_CASE("the dumps that attacks are put into pass the gate") {
    const std::string comment = "COMMENT ON TABLE public.loot IS '\\! touch /tmp/marker';";
    const pg::Script script = pg::read_script(dump_with(comment + "\n"));
    CHECK(script.refusal.empty());
    CHECK(script.rows == "1\n2\n<2>");
    CHECK(script.statements.back() == "COPY public.loot (id) FROM stdin;");
    CHECK(script.statements.at(script.statements.size() - 2) == comment);
}
