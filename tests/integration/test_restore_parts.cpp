#include "support/catch.hpp"
#include "support/dumps.hpp"
#include "support/restore_scene.hpp"

#include <nlohmann/json.hpp>

// Dumps of a part of a database: what goes for them, and what never does.

using namespace dbbackup::test;

namespace {

constexpr int k_refused = 5;

using Words = std::vector<std::string>;

/// A database of tenants, and a target that is the same.
class TenantScene : public RestoreScene {
public:
    TenantScene() {
        for (const char* tenant : {"tenant_1", "tenant_2"}) {
            const std::string schema{tenant};
            source().psql("create schema " + schema + "; create table " + schema +
                          ".orders (id int primary key); insert into " + schema +
                          ".orders select generate_series(1, 10); create view " + schema +
                          ".totals as select count(*) from " + schema + ".orders");
        }
        source().psql("create table public.plans (id int); insert into public.plans values (1)");
        check_restored(restore(dump()));
        remember();
    }

    [[nodiscard]] std::string count(const std::string& table) const {
        return target().psql("select count(*) from " + table);
    }
};

} // namespace

TEST_CASE("restore: --exact with a dump of a part is refused, unless --accept-partial") {
    TenantScene scene;
    const auto schema = scene.dump({"-n", "tenant_1"});
    const auto table = scene.dump({"-t", "tenant_1.orders"});
    const auto rows = scene.dump({"-a"});
    const auto archive = scene.dump({"-F", "custom", "-n", "tenant_1"});
    scene.remember();
    const std::string unnamed = "drop all that the target holds besides";
    for (const Words& options : std::vector<Words>{{}, {"--dry-run"}}) {
        Words exact = options;
        exact.insert(exact.end(), {"--clean", "--exact"});
        scene.check_failed(scene.restore(schema, exact), k_refused,
                           "the dump holds only schema tenant_1, and --exact would " + unnamed);
        scene.check_failed(scene.restore(table, exact), k_refused, "only table tenant_1.orders");
        scene.check_failed(scene.restore(rows, exact), k_refused, "only rows");
        scene.check_failed(scene.restore(archive, {"--clean", "--jobs", "2"}), k_refused,
                           "--jobs with --clean would " + unnamed);
    }
    const auto accepted = scene.restore(schema, {"--clean", "--exact", "--accept-partial"});
    INFO(accepted.err);
    CHECK(accepted.exit_code == 0);
    CHECK(scene.target().psql("select count(*) from pg_tables where schemaname in ('public', "
                              "'tenant_1', 'tenant_2')") == "1");
}

TEST_CASE("restore: --exact with a dump that has no manifest and is plainly a part is refused") {
    TenantScene scene;
    const auto refused = [&](const Words& words, const std::string& message) {
        scene.check_failed(scene.restore(scene.foreign_dump(words), {"--clean", "--exact"}),
                           k_refused, message);
    };
    refused({"-t", "tenant_1.orders"}, "the dump holds single tables of schema tenant_1");
    refused({"--data-only"}, "the dump holds only rows");
    refused({"--schema-only"}, "the dump holds only the schema (no rows)");
    scene.check_restored(scene.restore(scene.foreign_dump({}), {"--clean", "--exact"}));
    scene.check_restored(scene.restore(scene.foreign_dump({"--inserts"}), {"--clean", "--exact"}));
}

TEST_CASE("no hint proposes --exact for a dump of a part") {
    TenantScene scene;
    const auto part = scene.dump({"-n", "tenant_1"});
    const auto whole = scene.dump();
    scene.target().psql("create schema extra; create view extra.all as select * from "
                        "tenant_1.orders");
    scene.remember();
    const auto refused = scene.restore(part, {"--clean"});
    scene.check_failed(refused, k_refused, "view extra.");
    CHECK(refused.err.find("--exact") == std::string::npos);
    CHECK(scene.restore(whole, {"--clean"}).err.find("--exact") != std::string::npos);
}
