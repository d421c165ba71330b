// Dumps with deliberate changes: any program reads each file without complaint. The manifest
// reveals the change, even if it has the size and SHA-256 of the changed file, so that only counts
// and fingerprints reveal it.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/scene/shop_restore.hpp"

using namespace dbbackup;
using namespace dbbackup::test;
using ops::Verdict;
using ops::VerifiedDump;

namespace {

const std::vector<std::string> k_names{"shop.sql.gz", "shop.sql.zst", "shop.sql"};

std::string rows(std::uint64_t first, std::uint64_t behind) {
    std::string text;
    for (std::uint64_t number = first; number < behind; ++number) {
        text += sample_row(number);
    }
    return text;
}

const std::string k_first_rows = rows(0, 5);
const std::string k_second_rows = rows(5, 8);

/// A good dump, to be changed.
struct ChangedDump {
    TempDir temp;
    std::string sql = sql_of_tables(k_first_rows, k_second_rows);

    /// For a dump `name` that now contains `content`, with the manifest of the good dump.
    [[nodiscard]] VerifiedDump verify_content(const std::string& name,
                                              const std::string& content) const {
        const auto path = write_sample_dump(temp.path(), name, sql);
        write_file(path, content);
        return verify_here(path);
    }

    /// For a dump whose SQL is now `changed` and whose manifest has its size and SHA-256.
    [[nodiscard]] VerifiedDump verify_corrected(const std::string& name,
                                                const std::string& changed) const {
        const auto path = write_sample_dump(temp.path(), name, sql);
        const std::string manifest = read_file(manifest_path(path));
        write_sample_dump(temp.path(), name, changed);
        write_file(manifest_path(path), manifest);
        correct_manifest(path);
        return verify_here(path);
    }

    /// Checks that this is damage in `table`, with this message.
    void check_found(const std::string& changed, const std::string& table,
                     const std::string& words) const {
        REQUIRE(changed != sql);
        for (const std::string& name : k_names) {
            INFO(name << ": " << words);
            const VerifiedDump found = verify_corrected(name, changed);
            CHECK(found.verdict == Verdict::damaged);
            CHECK(found.place.table == table);
            CHECK(found.message.find(words) != std::string::npos);
            CHECK(found.message.find(name) != std::string::npos);
            CAPTURE(found.message);
        }
    }
};

} // namespace

TEST_CASE("a good dump is good") {
    const ChangedDump dump;
    for (const std::string& name : k_names) {
        const VerifiedDump found = verify_here(write_sample_dump(dump.temp.path(), name, dump.sql));
        CHECK(found.verdict == Verdict::good);
        CHECK(found.rows == 8);
        CHECK(found.tables == 3);
        CHECK(found.sql_size == dump.sql.size());
        CHECK(found.not_checked.empty());
        CHECK(found.recorded);
    }
}

TEST_CASE("anything after the end of a dump is damage") {
    const ChangedDump dump;
    const std::string other = sql_of_tables("", "");
    for (const std::string& name : k_names) {
        const std::string whole = read_file(write_sample_dump(dump.temp.path(), name, dump.sql));
        const std::string second =
            read_file(write_sample_dump(dump.temp.path(), "other_" + name, other));
        const std::string member =
            read_file(write_sample_dump(dump.temp.path(), "third_" + name, "\n"));
        for (const std::string& behind :
             {std::string(1, '\0'), std::string(10'000, '\0'), std::string{"garbage"},
              std::string{"\n"}, member, second, whole}) {
            INFO(name << " with " << behind.size() << " bytes behind it");
            const VerifiedDump found = dump.verify_content(name, whole + behind);
            CHECK(found.verdict == Verdict::damaged);
            CHECK(found.message.find(name) != std::string::npos);
        }
        CHECK(dump.verify_content(name, second).verdict == Verdict::damaged);
        CHECK(dump.verify_content(name, member + whole).verdict == Verdict::damaged);
        CHECK(dump.verify_content(name, "").verdict == Verdict::damaged);
    }
}

TEST_CASE("the same SQL compressed differently is not the file of the manifest") {
    const ChangedDump dump;
    const std::string good = dump.sql;
    CHECK(dump.verify_content("shop.sql.gz", compressed(good, {.method = {}, .level = {}}))
              .message.find("bytes, its manifest says") != std::string::npos);
    const auto recompressed = stream::Compression{stream::CompressionMethod::gzip, 9};
    CHECK(dump.verify_content("shop.sql.gz", compressed(good, recompressed)).verdict ==
          Verdict::damaged);
    CHECK(dump.verify_content("shop.sql", good + "\n").verdict == Verdict::damaged);
}

TEST_CASE("rows that differ from the manifest are found by counts and fingerprints alone") {
    const ChangedDump dump;
    const std::string third = sample_row(3);
    dump.check_found(sql_of_tables(k_second_rows, k_first_rows), "public.first",
                     "has 3 rows in public.first, its manifest says 5, and 1 more such difference");
    dump.check_found(replaced(dump.sql, third, replaced(third, "customer 3", "customer 4")),
                     "public.first", "has other rows in public.first than its manifest says");
    dump.check_found(replaced(dump.sql, third, ""), "public.first",
                     "has 4 rows in public.first, its manifest says 5");
    dump.check_found(replaced(dump.sql, third, third + third), "public.first",
                     "has 6 rows in public.first, its manifest says 5");
    dump.check_found(replaced(dump.sql, third, sample_row(2)), "public.first",
                     "has other rows in public.first than its manifest says");
    dump.check_found(replaced(dump.sql, "\n" + third, third), "public.first",
                     "has 4 rows in public.first, its manifest says 5"); // two are one now
    dump.check_found(replaced(dump.sql, "customer 6", "customer\n6"), "public.second",
                     "has 4 rows in public.second, its manifest says 3");
    dump.check_found(replaced(dump.sql, sample_row(7), sample_row(8)), "public.second",
                     "has other rows in public.second than its manifest says");
    dump.check_found(sql_of_tables(rows(1, 5) + sample_row(5), sample_row(0) + rows(6, 8)),
                     "public.first", "has other rows in public.first");
    dump.check_found(replaced(dump.sql, "COPY public.second", "COPY public.last"), "public.second",
                     "lacks the table public.second of its manifest");
    dump.check_found(replaced(dump.sql, "CREATE TABLE public.item", "CREATE TABLE public.thing"),
                     "public.item", "lacks the table public.item of its manifest");
    dump.check_found(replaced(dump.sql, "CREATE TABLE public.item", "CREATE TABLE shop.item"),
                     "public.item", "lacks the table public.item of its manifest");
}

TEST_CASE("two swapped rows are the same rows, and only the SHA-256 differs") {
    const ChangedDump dump;
    const std::string swapped =
        sql_of_tables(sample_row(1) + sample_row(0) + rows(2, 5), k_second_rows);
    for (const std::string& name : k_names) {
        CHECK(dump.verify_corrected(name, swapped).verdict == Verdict::good);
        write_sample_dump(dump.temp.path(), "swapped_" + name, swapped);
        const VerifiedDump found =
            dump.verify_content(name, read_file(dump.temp / ("swapped_" + name)));
        CHECK(found.verdict == Verdict::damaged);
        CHECK(found.place.table.empty());
    }
}

TEST_CASE("a change of only the schema is found by size and SHA-256") {
    const ChangedDump dump;
    const std::string changed = replaced(dump.sql, "name text", "name date");
    const VerifiedDump found = dump.verify_content("shop.sql", changed);
    CHECK(found.verdict == Verdict::damaged);
    CHECK(found.message.find("another SHA-256") != std::string::npos);
    CHECK(dump.verify_corrected("shop.sql.gz", replaced(dump.sql, "name text", "name varchar"))
              .message.find("bytes of SQL, its manifest says") != std::string::npos);
}

TEST_CASE("another dump's archive with this manifest") {
    const TempDir temp;
    const TestDatabase database;
    database.psql("create table item (id int); insert into item select generate_series(1, 10)");
    const std::vector<std::string> custom{"-F", "custom"};
    const auto dump = take_dump(database.url(), temp / "one", custom);
    CHECK(verify_here(dump.path).verdict == Verdict::good);
    database.psql("update item set id = 11 where id = 1");
    const std::string other = read_file(take_dump(database.url(), temp / "two", custom).path);
    write_file(dump.path, other);
    CHECK(verify_here(dump.path).place.table == "public.item");
    correct_manifest(dump.path);
    CHECK(verify_here(dump.path).message.find("has other rows in public.item than") !=
          std::string::npos);
    write_file(dump.path, other + std::string(1, '\0'));
    CHECK(verify_here(dump.path).verdict == Verdict::damaged);
}
