#include "status_scene.hpp"
#include "support/catch.hpp"

#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/ops/loss.hpp>

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;
using ops::Loss;
using Dumps = std::vector<store::DumpEntry>;

namespace {

/// Dumps of one database, each recorded as `dump` records it: with what was before it.
struct Directory {
    Dumps dumps;
    ops::LossLimits limits;

    /// A dump that was started `age` ago, of the database with that identity.
    StatusDump make(std::chrono::hours age, const char* system, std::uint32_t oid) const {
        StatusDump dump{age, "d" + std::to_string(1000 - age.count()) + ".sql"};
        dump.manifest->file.name = dump.name;
        dump.manifest->dump_id = "id of " + dump.name;
        dump.manifest->database.system_identifier = system;
        dump.manifest->database.oid = oid;
        return dump;
    }

    store::Manifest& add(StatusDump dump) {
        const auto identity = store::identity_of(*dump.manifest);
        const base::UtcTime started = dump.manifest->dump.started_at;
        dump.manifest->before = ops::find_before(dumps, identity, started);
        dump.manifest->loss_accepted_at = ops::find_acceptance(dumps, identity);
        dumps.push_back(std::move(dump));
        return *dumps.back().manifest;
    }

    store::Manifest& add(std::chrono::hours age, const char* system, std::uint32_t oid) {
        return add(make(age, system, oid));
    }

    /// "d2.sql; CHANGE; CHANGE" of each database, with the first 13 characters of each change.
    [[nodiscard]] std::vector<std::string> losses() const {
        std::vector<std::string> texts;
        for (const Loss& loss : find_losses(dumps, limits, k_now)) {
            std::string text = loss.dump;
            for (const std::string& change : loss.changes) {
                text += "; " + base::without_marks(change).substr(0, 13);
            }
            texts.push_back(text);
        }
        return texts;
    }

    void remove(const std::string& name) {
        std::erase_if(dumps, [&name](const store::DumpEntry& dump) { return dump.name == name; });
    }
};

using Texts = std::vector<std::string>;

StatusDump with_migrations(StatusDump dump, std::vector<std::string> applied,
                           const char* tool = "Knex") {
    dump.manifest->contents.state.emplace().migrations = {
        {.tool = tool, .schema = "public", .table = "m", .applied = std::move(applied)}};
    return dump;
}

std::string server_text(const std::string& name) {
    return name + "; it is on anot";
}

} // namespace

TEST_CASE("another server, another database: a loss, until it is accepted") {
    Directory directory;
    directory.add(100h, "7", 5);
    directory.add(90h, "7", 5);
    CHECK(directory.losses().empty());
    directory.add(80h, "7", 6);
    CHECK(directory.losses() == Texts{"d920.sql; the database "});

    // The two newest agree, and it still is one.
    directory.add(70h, "7", 6);
    CHECK(directory.losses() == Texts{"d920.sql; the database "});
    const auto loss = ops::find_losses(directory.dumps, {}, k_now).at(0);
    CHECK(loss.before == "d910.sql");
    CHECK(loss.text() == "app on db:5432: since 'd920.sql', the database was made anew: its OID is "
                         "6, before it was 5");

    directory.dumps.back().manifest->loss_accepted_at = k_now - 65h;
    CHECK(directory.losses().empty());
    directory.add(60h, "7", 6);
    directory.add(50h, "8", 6);
    CHECK(directory.losses() == Texts{server_text("d950.sql")});
}

TEST_CASE("an acceptance stays when the dump that recorded it is gone") {
    Directory directory;
    directory.add(100h, "7", 5).pinned = true;
    directory.add(90h, "8", 5).loss_accepted_at = k_now - 85h;
    directory.add(80h, "8", 5);
    directory.remove("d910.sql");
    CHECK(directory.losses().empty());
    directory.add(70h, "8", 5);
    directory.remove("d920.sql");
    CHECK(directory.losses().empty());
}

TEST_CASE("what is unknown is no change") {
    Directory directory;
    directory.add(100h, "7", 5);
    directory.add(90h, "", 0);
    CHECK(directory.losses().empty());
    SECTION("and what was known before it still counts") {
        directory.add(80h, "8", 5);
        CHECK(directory.losses() == Texts{server_text("d920.sql")});
    }
    SECTION("nor is a manifest of an earlier version") {
        directory.add(80h, "8", 5).before.reset();
        CHECK(directory.losses().empty());
    }
}

TEST_CASE("rows, size and migrations are compared with the dump before") {
    Directory directory;
    directory.add(100h, "7", 5);
    SECTION("fewer rows") {
        directory.add(directory.make(90h, "7", 5).holding({StatusDump::table("orders", 5'250)}));
        CHECK(directory.losses().empty());
        directory.add(directory.make(80h, "7", 5).holding({StatusDump::table("orders", 2'624)}));
        CHECK(directory.losses() == Texts{"d920.sql; it has 2,624 "});
        directory.limits.max_row_loss = 51;
        CHECK(directory.losses().empty());
    }
    SECTION("a smaller file") {
        directory.add(directory.make(90h, "7", 5).sized(400'000));
        CHECK(directory.losses() == Texts{"d910.sql; its dump take"});
        directory.limits.max_shrink = 60;
        CHECK(directory.losses().empty());
    }
    SECTION("a smaller file, as it is written otherwise") {
        directory.add(directory.make(90h, "7", 5).sized(400'000).compressed("zstd:3"));
        CHECK(directory.losses().empty());
    }
    SECTION("what was thinned out makes no two dumps consecutive") {
        directory.add(directory.make(90h, "7", 5).holding({StatusDump::table("orders", 6'000)}));
        directory.add(directory.make(80h, "7", 5).holding({StatusDump::table("orders", 4'000)}));
        directory.remove("d910.sql");
        CHECK(directory.losses().empty());
    }
    SECTION("migrations") {
        directory.add(with_migrations(directory.make(90h, "7", 5), {"1_a", "2_b"}));
        directory.add(with_migrations(directory.make(80h, "7", 5), {"1_a", "2_b", "3_c"}));
        CHECK(directory.losses().empty());
        directory.add(with_migrations(directory.make(70h, "7", 5), {"1_a", "2_b"}));
        const auto losses = ops::find_losses(directory.dumps, {}, k_now);
        REQUIRE(losses.size() == 1);
        CHECK(base::without_marks(losses[0].changes.at(0)) ==
              "the newest migration went back: '3_c' is not applied any more");
        // A name from a table of the user: not for logs.
        CHECK(base::without_outside(losses[0].changes.at(0)).find("3_c") == std::string::npos);
    }
}

TEST_CASE("a restore of ours is no loss") {
    Directory directory;
    directory.add(with_migrations(directory.make(100h, "7", 5), {"1_a"})).contents.tables = {
        StatusDump::table("orders", 100)};
    directory.add(with_migrations(directory.make(90h, "7", 5), {"1_a", "2_b"}));
    store::Manifest::Restore restore{
        .at = k_now - 85h, .dump_id = "id of d900.sql", .system_identifier = "7", .oid = 9};
    SECTION("of an earlier dump") {
        directory.dumps.back().manifest->restores = {restore};
        const auto small = [&] {
            return with_migrations(directory.make(80h, "7", 9), {"1_a"})
                .holding({StatusDump::table("orders", 99)});
        };
        directory.add(small());
        CHECK(directory.losses().empty());
        CHECK(directory.dumps.back().manifest->before->restored_at == restore.at);
        directory.add(directory.make(70h, "7", 9).holding({StatusDump::table("orders", 20)}));
        CHECK(directory.losses() == Texts{"d930.sql; it has 20 row"});
    }
    SECTION("but what is missing after it is") {
        directory.dumps.back().manifest->restores = {restore};
        directory.add(directory.make(80h, "7", 9).holding({StatusDump::table("orders", 40)}));
        CHECK(directory.losses() == Texts{"d920.sql; it has 40 row"});
    }
    SECTION("and neither is another database after it") {
        directory.dumps.back().manifest->restores = {restore};
        directory.add(80h, "7", 10);
        CHECK(directory.losses().size() == 1);
    }
    SECTION("a part of a dump") {
        restore.dump_id.clear();
        directory.dumps.back().manifest->restores = {restore};
        directory.add(directory.make(80h, "7", 9).holding({}));
        CHECK(directory.losses().empty());
    }
    SECTION("an earlier one does not explain a later loss") {
        directory.dumps.front().manifest->restores = {restore};
        directory.dumps.front().manifest->restores[0].at = k_now - 95h;
        directory.add(80h, "7", 9);
        CHECK(directory.losses().size() == 1);
    }
}

TEST_CASE("parts, safety dumps, foreign ones and those of the future do not count") {
    Directory directory;
    directory.add(100h, "7", 5);
    SECTION("parts") {
        directory.add(directory.make(90h, "8", 5).with({"--table=orders"}));
    }
    SECTION("safety dumps") {
        directory.add(directory.make(90h, "8", 5).safety());
    }
    SECTION("foreign dumps") {
        directory.add(directory.make(90h, "8", 5).foreign());
    }
    SECTION("the future") {
        directory.add(-1h, "8", 5);
    }
    SECTION("other databases") {
        directory.add(directory.make(90h, "8", 5).of("other"));
    }
    CHECK(directory.losses().empty());
    directory.add(80h, "7", 5);
    CHECK(directory.losses().empty());
}

TEST_CASE("damage of a dump does not change what its manifest says of the database") {
    Directory directory;
    directory.add(directory.make(100h, "7", 5).damaged());
    directory.add(directory.make(90h, "8", 5).damaged());
    CHECK(directory.losses() == Texts{server_text("d910.sql")});
    const auto identity = store::identity_of(*directory.dumps[0].manifest);
    CHECK(ops::find_recording_dump(directory.dumps, identity, k_now)->name == "d910.sql");
    directory.add(80h, "8", 5);
    directory.add(directory.make(70h, "8", 5).damaged());
    CHECK(ops::find_recording_dump(directory.dumps, identity, k_now)->name == "d920.sql");
}

TEST_CASE("status tells of a loss until it is accepted") {
    Directory directory;
    directory.add(20h, "7", 5);
    directory.add(directory.make(10h, "7", 6).holding({StatusDump::table("orders", 10)}));
    StatusScene scene;
    scene.survey.dumps = directory.dumps;
    const auto report = scene.judge();
    CHECK(kinds(report) == Texts{"rows_lost", "tables_gone", "held_after_loss"});
    REQUIRE(report.databases.at(0).loss);
    CHECK(report.databases[0].warnings.back().hint.find("prune --accept-loss --database app") !=
          std::string::npos);

    scene.survey.dumps.back().manifest->loss_accepted_at = k_now - 9h;
    CHECK(kinds(scene.judge()).empty());
}
