// Dumps that end too early, and forged ends: nothing of them is restored.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/shop_restore.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

constexpr int k_damaged = 3;
constexpr const char* k_completion = "-- PostgreSQL database dump complete";
constexpr const char* k_copy = "COPY shop.orders (id, customer, amount) FROM stdin;\n";

/// Where a dump is cut: after this text.
struct Cut {
    const char* where;
    std::string after;
    const char* message = "incomplete";
};

const std::vector<Cut> k_cuts{
    {"before the \\restrict line", "--\n\n"},
    {"within a comment of pg_dump's", "-- Dumped from"},
    {"after the settings", "SET row_security = off;\n"},
    {"within a statement", "CREATE TABLE shop.orders ("},
    {"within a function's body", "select 'one; two"},
    {"within a string", "'text; with ''quo"},
    {"after a quote within a string", "'text; with '"},
    {"within a COPY statement", "COPY shop.orders (id, "},
    {"before the first row", k_copy},
    {"within a row", std::string{k_copy} + "1\t2"},
    {"between two rows", std::string{k_copy} + "1\t2\t0.25\n"},
    {"before the end of the rows", "400\t1\t100.00\n"},
    {"within the end of the rows", "400\t1\t100.00\n\\"},
    {"between statements", "ADD CONSTRAINT customers_pkey PRIMARY KEY (id);\n"},
    {"within the last statement", "ADD CONSTRAINT orders_customer_fkey FOREIGN"},
    {"before the completion line", "REFERENCES shop.customers(id);\n\n\n--\n"},
    {"within the completion line", "-- PostgreSQL database dump comp"},
    {"after the completion line", "-- PostgreSQL database dump complete\n--\n\n"},
    {"within \\unrestrict", "\\unrestr", "there is a psql command"},
};

std::string run_filter(const ShopRestore& scene, const std::vector<std::string>& words,
                       const std::string& text) {
    ProgramOptions options = scene.options();
    options.input = text;
    const ProgramResult result = run_program(words, options);
    REQUIRE(result.exit_code == 0);
    return result.out;
}

std::string gzip(const ShopRestore& scene, const std::string& text) {
    return run_filter(scene, {"/bin/gzip", "-c"}, text);
}

std::string zstd(const ShopRestore& scene, const std::string& text) {
    return run_filter(scene, {"/usr/bin/zstd", "-cq"}, text);
}

} // namespace

TEST_CASE("a dump that is cut off anywhere is not restored") {
    const ShopRestore scene;
    const std::string sql = scene.sql();
    for (const Cut& cut : k_cuts) {
        INFO(cut.where);
        scene.check_refused(scene.write_dump(up_to(sql, cut.after)), k_damaged, cut.message);
    }
    // Before any question, and before anything is dropped.
    const auto cut = scene.write_dump(up_to(sql, k_cuts[9].after));
    scene.check_failed(scene.restore(cut, {"--clean", "--dry-run"}), k_damaged, "incomplete");
    scene.check_refused(scene.write_dump(sql.substr(0, sql.rfind("\n\n") - 4)), k_damaged,
                        "incomplete"); // within the key of \unrestrict
}

TEST_CASE("a dump without restrict lines that is cut off is not restored") {
    const ShopRestore scene;
    const std::string sql = without_restrict_keys(scene.sql());
    for (const std::size_t i : {3U, 5U, 9U, 11U, 13U, 15U, 16U}) {
        INFO(k_cuts[i].where);
        scene.check_refused(scene.write_dump(up_to(sql, k_cuts[i].after)), k_damaged, "incomplete");
    }
}

TEST_CASE("compressed dumps that are cut off between members or frames are not restored") {
    const ShopRestore scene;
    const std::string sql = scene.sql();
    for (const Cut& cut : {k_cuts[3], k_cuts[10], k_cuts[13]}) {
        INFO(cut.where);
        const std::string part = up_to(sql, cut.after);
        scene.check_refused(scene.write_dump(gzip(scene, part), ".sql.gz"), k_damaged,
                            "incomplete");
        scene.check_refused(scene.write_dump(zstd(scene, part), ".sql.zst"), k_damaged,
                            "incomplete");
    }
}

TEST_CASE("dbbackup's own dumps that are cut off are not restored, with or without a manifest") {
    const ShopRestore scene;
    // More than one member or frame, of 1 MiB each.
    scene.source().psql("create table shop.noise as select g as id, md5(g::text) || md5('x' || g) "
                        "as noise from generate_series(1, 20000) g");
    for (const std::vector<std::string>& way : {std::vector<std::string>{"-Z", "gzip"},
                                                {"-Z", "zstd"},
                                                {"-Z", "none"},
                                                {"-F", "custom"}}) {
        const TakenDump taken = take_dump(scene.source().url(), scene.temp() / "taken", way);
        const std::string whole = read_file(taken.path);
        const std::string suffix = taken.path.extension();
        const std::string magic = suffix == ".gz"    ? std::string{"\x1f\x8b\x08\x04", 4}
                                  : suffix == ".zst" ? "\x28\xb5\x2f\xfd"
                                                     : "PGDMP";
        std::vector<std::size_t> cuts{whole.size() / 3, whole.size() - 1};
        if (const std::size_t boundary = whole.find(magic, 1000); boundary != std::string::npos) {
            cuts.push_back(boundary);
        }
        CHECK(cuts.size() == (suffix == ".gz" || suffix == ".zst" ? 3 : 2));
        for (const std::size_t size : cuts) {
            INFO(suffix << ", the first " << size << " of " << whole.size() << " bytes");
            if (suffix == ".sql" && size == whole.size() - 1) {
                continue; // all but an empty line
            }
            scene.check_refused(scene.write_dump(whole.substr(0, size), suffix), k_damaged, "");
        }
        for (const std::size_t size : cuts) {
            INFO(suffix << ", with its manifest, the first " << size << " of " << whole.size());
            std::filesystem::resize_file(taken.path, size);
            scene.check_refused(taken.path, k_damaged, "");
            write_file(taken.path, whole);
        }
    }
}

TEST_CASE("a completion line among the data does not end a dump") {
    const ShopRestore scene;
    scene.source().psql(fmt::format(
        "create table shop.lines (line text); insert into shop.lines values ('first'), ('{0}'); "
        "create function shop.forged() returns text language sql as $$ select '\n--\n{0}\n--\n\n'; "
        "$$; comment on table shop.lines is e'one\\n--\\n{0}\\n--\\n\\n'",
        k_completion));
    const std::string sql = scene.sql();
    const std::string line = fmt::format("{}\n", k_completion);
    const std::string key = sql.substr(sql.find("\\restrict ") + 10, 63);
    const std::string unrestrict = "\\unrestrict " + key.substr(0, key.find('\n')) + "\n\n";
    std::size_t at = 0;
    int forged = 0;
    while ((at = sql.find(line, at)) != sql.rfind(line)) {
        at += line.size();
        for (const std::string& end : {std::string{}, std::string{"--\n\n"}, "--\n\n" + unrestrict,
                                       "\\.\n\n" + unrestrict}) {
            INFO(sql.substr(at - 100, 100) << "…" << end);
            scene.check_refused(scene.write_dump(sql.substr(0, at) + end), k_damaged, "");
            ++forged;
        }
    }
    CHECK(forged == 12);
}

TEST_CASE("anything after the end of a dump is refused") {
    const ShopRestore scene;
    const std::string sql = scene.sql();
    for (const std::string& more :
         {std::string{"SELECT 1;\n"}, std::string{"CREATE TABLE shop.more (i integer);\n"},
          std::string{"\\! true\n"}, sql, sql.substr(0, sql.size() / 2)}) {
        INFO(more.substr(0, 40));
        scene.check_refused(scene.write_dump(sql + more), k_damaged, "");
    }
    scene.check_refused(scene.write_dump(gzip(scene, sql) + gzip(scene, sql), ".sql.gz"), k_damaged,
                        "");
}
