// However large a dump is, and whatever it claims, verify needs at most 64 MiB. Files of megabytes
// expand to gigabytes; with DBBACKUP_TEST_LONG they are gigabytes themselves.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/program.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

constexpr long k_most_kib = 64 * 1024;
constexpr std::size_t k_member = 1U << 20U;

/// More than may be used, in members.
int members() {
    return is_long() ? 2048 : 80;
}

void check_memory(const std::filesystem::path& path, int exit_code) {
    const ProgramResult result =
        run_dbbackup({"verify", "-q", path.string()}, {.timeout = std::chrono::minutes{9}});
    CAPTURE(path, result.out, result.err);
    CHECK(result.exit_code == exit_code);
    if (!dbbackup_is_sanitized()) {
        CHECK(result.peak_kib < k_most_kib);
    }
    if (is_long()) {
        WARN(path.filename() << ": " << result.peak_kib << " KiB");
    }
}

std::string filled_with(std::string_view text) {
    std::string filler;
    while (filler.size() + text.size() <= k_member) {
        filler += text;
    }
    return filler;
}

/// A dump in which one thing is very long.
struct Bomb {
    std::string name;
    std::string head;
    std::string filler; ///< is repeated again and again
    std::string tail;
    int exit_code;
};

std::vector<Bomb> bombs() {
    const std::string head{sample::k_head};
    const std::string copy = head + std::string{sample::k_copy_start};
    const std::string end = fmt::format("{}{}", sample::k_complete, sample::k_unrestrict);
    const std::string rows_end = "\n\\.\n" + end;
    std::vector<Bomb> all{
        {"row", copy, filled_with("x"), rows_end, 0},
        {"rows", copy, filled_with("1\tone\n"), "\\.\n" + end, 0},
        {"empty_rows", copy, filled_with("\n"), "\\.\n" + end, 0},
        {"statement", head + "CREATE VIEW v AS SELECT ", filled_with("one, "), "1;\n" + end, 0},
        {"word", head + "CREATE VIEW v AS SELECT ", filled_with("x"), ";\n" + end, 0},
        {"number", head + "CREATE VIEW v AS SELECT ", filled_with("1"), ";\n" + end, 0},
        {"string", head + "CREATE VIEW v AS SELECT '", filled_with("x"), "';\n" + end, 0},
        {"name", head + "CREATE VIEW v AS SELECT \"", filled_with("x"), "\";\n" + end, 0},
        {"dollar_string", head + "CREATE VIEW v AS SELECT $$", filled_with("x"), "$$;\n" + end, 0},
        {"dollar_tag", head + "CREATE VIEW v AS SELECT $", filled_with("x"), "$;\n" + end, 3},
        {"block_comment", head + "/*", filled_with("x"), "*/\n" + end, 0},
        {"nested_comment", head, filled_with("/*"), "\n" + end, 3},
        {"line_comment", head + "--", filled_with("x"), "\n" + end, 0},
        {"meta_command", head + "\\restrict ", filled_with("x"), "\n" + end, 3},
        {"parentheses", head + "CREATE VIEW v AS SELECT ", filled_with("("), ";\n" + end, 3},
        {"spaces", head, filled_with(" "), "\n" + end, 0},
    };
    if (is_long()) { // they take a while
        all.push_back({"zeros", "", std::string(k_member, '\0'), "", 3});
        all.push_back({"lines", head, filled_with("\n"), end, 0});
        all.push_back({"semicolons", head, filled_with(";"), "\n" + end, 0});
        all.push_back({"statements", head, filled_with("SET row_security = off;\n"), end, 0});
        all.push_back({"copies", head, filled_with("COPY public.item FROM stdin;\n\\.\n"), end, 0});
    }
    return all;
}

/// `bomb` in members of a dump as dbbackup writes it.
std::string in_members(const Bomb& bomb, stream::CompressionMethod method) {
    const stream::Compression compression{method, std::nullopt};
    const std::string filler = compressed(bomb.filler, compression);
    std::string content = bomb.head.empty() ? "" : compressed(bomb.head, compression);
    for (int i = 0; i < members(); ++i) {
        content += filler;
    }
    return bomb.tail.empty() ? content : content + compressed(bomb.tail, compression);
}

} // namespace

TEST_CASE("verify needs little memory for a dump with an endless part") {
    const TempDir temp;
    for (const Bomb& bomb : bombs()) {
        const auto path = temp / (bomb.name + ".sql.gz");
        write_file(path, in_members(bomb, stream::CompressionMethod::gzip));
        check_memory(path, bomb.exit_code);
        std::filesystem::remove(path);
    }
    const auto zstd = temp / "row.sql.zst";
    write_file(zstd, in_members(bombs().front(), stream::CompressionMethod::zstd));
    check_memory(zstd, 0);
    const auto none = temp / "row.sql";
    write_file(none, in_members(bombs().front(), stream::CompressionMethod::none));
    check_memory(none, 0);
}

TEST_CASE("verify needs little memory for one large member of another program") {
    const TempDir temp;
    const Bomb bomb = bombs().front();
    const auto head = temp / "head";
    const auto filler = temp / "filler";
    const auto tail = temp / "tail";
    write_file(head, bomb.head);
    write_file(filler, bomb.filler);
    write_file(tail, bomb.tail);
    for (const auto& [name, tool] : std::vector<std::pair<std::string, std::string>>{
             {"gzip.sql.gz", "gzip -1"},
             {"zstd.sql.zst", "zstd -q"},
             {"zstd_19.sql.zst", "zstd -q -19"}}) { // a window of 8 MiB
        const auto path = temp / name;
        const std::string script = fmt::format(
            "{{ cat '{}'; for i in $(seq {}); do cat '{}'; done; cat '{}'; }} | "
            "{} > '{}'",
            head.string(), members(), filler.string(), tail.string(), tool, path.string());
        REQUIRE(run_program({"/bin/bash", "-c", script}, {.timeout = std::chrono::minutes{9}})
                    .exit_code == 0);
        check_memory(path, 0);
    }
}

TEST_CASE("verify needs little memory for very many tiny members") {
    const TempDir temp;
    const int count = is_long() ? 1'000'000 : 30'000;
    for (const auto& [name, method] :
         {std::pair{"tiny.sql.gz", stream::CompressionMethod::gzip},
          std::pair{"tiny.sql.zst", stream::CompressionMethod::zstd}}) {
        const stream::Compression compression{method, std::nullopt};
        const std::string row = compressed("1\tone\n", compression);
        std::string content =
            compressed(fmt::format("{}{}", sample::k_head, sample::k_copy_start), compression);
        for (int i = 0; i < count; ++i) {
            content += row;
        }
        content += compressed(
            fmt::format("{}{}{}", sample::k_copy_end, sample::k_complete, sample::k_unrestrict),
            compression);
        write_file(temp / name, content);
        check_memory(temp / name, 0);
    }
}
