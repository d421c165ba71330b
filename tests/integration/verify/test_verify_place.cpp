// Where a dump is damaged: the member and its offset, the table, and roughly the row.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

using namespace dbbackup;
using namespace dbbackup::test;
using ops::Verdict;
using ops::VerifiedDump;

namespace {

constexpr std::size_t k_member = 1U << 20U; ///< bytes of SQL

std::string many_rows(std::uint64_t count) {
    std::string rows;
    for (std::uint64_t number = 0; number < count; ++number) {
        rows += sample_row(number);
    }
    return rows;
}

/// A dump of several members, most of which are of its second table.
struct LargeDump {
    static constexpr std::uint64_t k_rows = 50'000;

    std::string sql = sql_of_tables(many_rows(1000), many_rows(k_rows));
    std::size_t second = sql.find("COPY public.second");

    /// The row of the second table with byte `at` of the SQL, counted from 1.
    [[nodiscard]] std::uint64_t row_at(std::size_t at) const {
        const std::size_t rows = sql.find('\n', second) + 1;
        return 1 + static_cast<std::uint64_t>(
                       std::count(sql.begin() + static_cast<std::ptrdiff_t>(rows),
                                  sql.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    }
};

/// Where each member begins, then the file's end; each is compressed by itself.
std::vector<std::size_t> member_offsets(const std::string& sql, stream::CompressionMethod method) {
    std::vector<std::size_t> offsets{0};
    for (std::size_t at = 0; at < sql.size(); at += k_member) {
        const std::string member = compressed(sql.substr(at, k_member), {method, std::nullopt});
        offsets.push_back(offsets.back() + member.size());
    }
    return offsets;
}

void flip_bit(const std::filesystem::path& path, std::size_t at) {
    std::string content = read_file(path);
    content[at] = static_cast<char>(content[at] ^ 4);
    write_file(path, content);
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("damage in a compressed dump is reported with its member, offset, table and row") {
    const LargeDump dump;
    for (const auto& [name, method, noun] :
         {std::tuple{"shop.sql.gz", stream::CompressionMethod::gzip, "gzip member"},
          std::tuple{"shop.sql.zst", stream::CompressionMethod::zstd, "zstd frame"}}) {
        const auto offsets = member_offsets(dump.sql, method);
        REQUIRE(offsets.size() > 4);
        for (std::size_t member = 1; member < offsets.size(); ++member) {
            const TempDir temp;
            const auto path = write_sample_dump(temp.path(), name, dump.sql);
            REQUIRE(std::filesystem::file_size(path) == offsets.back());
            flip_bit(path, (offsets[member - 1] + offsets[member]) / 2);
            const VerifiedDump found = verify_here(path);
            CAPTURE(found.message);
            REQUIRE(found.verdict == Verdict::damaged);
            CHECK(found.place.member == member);
            CHECK(found.place.offset == offsets[member - 1]);
            CHECK(contains(found.message,
                           fmt::format("'{}' is damaged: {} {} at offset {}", path.string(), noun,
                                       member, base::with_thousands(offsets[member - 1]))));
            if (member == 1) {
                CHECK_FALSE(found.place.first_row);
                // Damage in the schema can hide all rows after it.
                const auto& last = found.place.last_row;
                CHECK((!last || last->row <= dump.row_at(k_member)));
                continue;
            }
            // Everything before the damaged member has been read.
            const std::uint64_t row = dump.row_at((member - 1) * k_member);
            CHECK(found.place.table == "public.second");
            REQUIRE(found.place.first_row);
            CHECK(found.place.first_row->row == row);
            CHECK(contains(found.message,
                           fmt::format("row {} of public.second", base::with_thousands(row))));
            // And no further than its end.
            if (found.place.last_row && member + 1 < offsets.size()) {
                CHECK(found.place.last_row->row >= row);
                CHECK(found.place.last_row->row <= dump.row_at(member * k_member));
            }
        }
    }
}

TEST_CASE("for a compressed dump that ends within a member, that member is reported") {
    const LargeDump dump;
    const auto offsets = member_offsets(dump.sql, stream::CompressionMethod::gzip);
    const TempDir temp;
    const auto path = write_sample_dump(temp.path(), "shop.sql.gz", dump.sql);
    const std::string content = read_file(path);
    write_file(path, content.substr(0, offsets[3] - 10));
    VerifiedDump found = verify_here(path);
    CHECK(found.place.member == 3);
    CHECK(found.place.offset == offsets[2]);
    // The readable part of the member has been read.
    REQUIRE(found.place.first_row);
    CHECK(found.place.first_row->row >= dump.row_at(2 * k_member));
    CHECK(found.place.first_row->row <= dump.row_at(3 * k_member));

    write_file(path, content.substr(0, offsets[3])); // any gunzip accepts that as complete
    found = verify_here(path);
    CHECK(found.verdict == Verdict::damaged);
    CHECK_FALSE(found.place.member);
    CHECK(found.place.table == "public.second");
    REQUIRE(found.place.first_row);
    CHECK(found.place.first_row->row == dump.row_at(3 * k_member));
    CHECK(contains(found.message, "it ends inside the rows of public.second, at about row"));
}

TEST_CASE("damage in a file of one large member is reported with the last row that could be read") {
    const LargeDump dump;
    const TempDir temp;
    for (const auto& [name, tool] :
         {std::pair{"gzip.sql.gz", "/bin/gzip"}, std::pair{"zstd.sql.zst", "/usr/bin/zstd"}}) {
        const ProgramResult packed = run_program({tool}, {.input = dump.sql});
        const auto path = temp / name;
        write_file(path, packed.out);
        flip_bit(path, packed.out.size() / 2);
        const VerifiedDump found = verify_here(path);
        CAPTURE(name, found.message);
        REQUIRE(found.verdict == Verdict::damaged);
        CHECK(found.place.member == 1);
        CHECK(found.place.offset == 0);
        CHECK(found.place.table == "public.second");
        // Its checksum comes last: the damage may be in any row that was read.
        CHECK_FALSE(found.place.first_row);
        REQUIRE(found.place.last_row);
        CHECK(found.place.last_row->row > LargeDump::k_rows / 4);
        CHECK(contains(found.message, "at or before row "));
    }
}

TEST_CASE("damage in the rows of an uncompressed dump is reported with its table") {
    const LargeDump dump;
    const TempDir temp;
    const auto path = write_sample_dump(temp.path(), "shop.sql", dump.sql);
    flip_bit(path, dump.sql.find("customer 7 ", dump.second));
    VerifiedDump found = verify_here(path);
    CHECK(found.place.table == "public.second");
    CHECK(contains(found.message, "it has other rows in public.second than its manifest says"));

    write_file(path, dump.sql.substr(0, dump.sql.size() / 2));
    found = verify_here(path);
    CHECK(found.place.table == "public.second");
    REQUIRE(found.place.first_row);
    CHECK(found.place.first_row->row == dump.row_at(dump.sql.size() / 2));
}

TEST_CASE("damage in an archive is reported with the table whose rows could not be read") {
    const TempDir temp;
    const TestDatabase database;
    database.psql("create table first (id int, name text); create table second (id int, name text);"
                  "insert into first select n, md5(n::text) from generate_series(1, 1000) n;"
                  "insert into second select n, md5(n::text) from generate_series(1, 40000) n");
    const auto dump = take_dump(database.url(), temp.path(), {"-F", "custom"});
    const std::string content = read_file(dump.path);
    flip_bit(dump.path, content.size() * 3 / 4);
    const VerifiedDump found = verify_here(dump.path);
    CAPTURE(found.message);
    CHECK(found.verdict == Verdict::damaged);
    CHECK(found.place.table == "public.second");
    write_file(dump.path, content.substr(0, content.size() / 2));
    const VerifiedDump cut = verify_here(dump.path);
    CAPTURE(cut.message);
    CHECK(cut.place.table == "public.second");
    REQUIRE(cut.place.first_row);
    CHECK(cut.place.first_row->row > 10'000);
    CHECK(cut.place.first_row->row < 25'000);
}

TEST_CASE("the program reports the place too, as text and as JSON") {
    const LargeDump dump;
    const TempDir temp;
    const auto path = write_sample_dump(temp.path(), "shop.sql.gz", dump.sql);
    const auto offsets = member_offsets(dump.sql, stream::CompressionMethod::gzip);
    flip_bit(path, offsets[2] + 100);
    const std::string row = base::with_thousands(dump.row_at(2 * k_member));
    const ProgramResult text = run_dbbackup({"verify", path.string()});
    CHECK(text.exit_code == 3);
    CHECK(contains(text.err, "gzip member 3 at offset " + base::with_thousands(offsets[2])));
    CHECK(contains(text.err, "somewhere between row " + row + " of public.second and row "));
    const auto json = nlohmann::json::parse(run_dbbackup({"verify", "--json", path.string()}).out);
    const auto& place = json.at("/dumps/0/place"_json_pointer);
    CHECK(place.at("member") == 3);
    CHECK(place.at("offset") == offsets[2]);
    CHECK(place.at("table") == "public.second");
    CHECK(place.at("first_row") ==
          nlohmann::json{{"table", "public.second"}, {"row", dump.row_at(2 * k_member)}});
    CHECK(place.at("last_row").at("row") >= dump.row_at(2 * k_member));
}
