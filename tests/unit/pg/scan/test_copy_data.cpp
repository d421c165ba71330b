#include "pg/scan/copy_data.hpp"
#include "support/catch.hpp"

#include <random>
#include <string>
#include <xxhash.h>

using namespace dbbackup::pg;

namespace {

/// Counts rows the slow way, to the line `\.`.
ScannedTable count_naively(const std::string& text) {
    ScannedTable table;
    std::string row;
    for (const char c : text) {
        if (c != '\n') {
            row += c;
            continue;
        }
        if (row == "\\." || row == "\\.\r") {
            break;
        }
        const XXH128_hash_t hash = XXH3_128bits(row.data(), row.size());
        table.fingerprint.add({hash.low64, hash.high64});
        table.rows += 1;
        table.bytes += row.size() + 1;
        row.clear();
    }
    return table;
}

struct Taken {
    ScannedTable table;
    std::size_t bytes = 0;
    bool ended = false;

    bool operator==(const Taken&) const = default;
};

Taken take(std::string_view text, std::size_t chunk) {
    CopyData data;
    Taken taken;
    while (!text.empty() && !data.ended()) {
        const auto piece = text.substr(0, chunk);
        const std::size_t bytes = data.take(piece, taken.table);
        CHECK((bytes == piece.size() || data.ended()));
        taken.bytes += bytes;
        text.remove_prefix(bytes);
    }
    taken.ended = data.ended();
    CHECK((!data.ended() || data.take("more\n", taken.table) == 0));
    return taken;
}

/// `text` as one piece, which must give the same as any number of pieces.
Taken take(std::string_view text) {
    const Taken whole = take(text, text.size());
    for (std::size_t chunk = 1; chunk < text.size(); ++chunk) {
        INFO("in chunks of " << chunk);
        CHECK(take(text, chunk) == whole);
    }
    return whole;
}

} // namespace

TEST_CASE("rows are lines, up to the line that ends the data") {
    const std::string rows = "1\tone\n\n\\N\n\\\\.\n\\.x\n \\.\n\\. \n\\\n.\n";
    for (const char* end : {"\\.\n", "\\.\r\n"}) {
        const Taken taken = take(rows + end + "SELECT 1;\n\\.\n");
        CHECK(taken.ended);
        CHECK(taken.bytes == (rows + end).size());
        CHECK(taken.table.rows == 9);
        CHECK(taken.table.bytes == rows.size());
        CHECK(taken.table == count_naively(rows));
    }
}

TEST_CASE("data without its end line is unfinished") {
    for (const char* text : {"", "1\n", "1", "\\.", "\\.\r", "1\\.\n", "\\.\r\r\n"}) {
        INFO(text);
        CHECK_FALSE(take(text).ended);
    }
    CHECK(take("1\n2").table.rows == 1);
}

TEST_CASE("an empty block has no rows") {
    const Taken taken = take("\\.\n");
    CHECK(taken.ended);
    CHECK(taken.table == ScannedTable{});
}

TEST_CASE("a fingerprint does not depend on the order of rows") {
    CHECK(take("a\nb\nb\n").table.fingerprint == take("b\na\nb\n").table.fingerprint);
    CHECK_FALSE(take("a\nb\nb\n").table.fingerprint == take("a\na\nb\n").table.fingerprint);
    CHECK_FALSE(take("\n").table.fingerprint == take("\n\n").table.fingerprint);
    CHECK(take("").table.fingerprint.hex() == std::string(32, '0'));
}

TEST_CASE("fingerprints are added with carry") {
    Fingerprint sum{~std::uint64_t{0}, 1};
    sum.add({2, 3});
    CHECK(sum == Fingerprint{1, 5});
    CHECK(sum.hex() == "00000000000000050000000000000001");
}

TEST_CASE("random rows in random pieces count as in a slow model") {
    std::mt19937 random{20261120};
    const auto below = [&random](std::size_t limit) { return random() % limit; };
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (std::size_t rows = below(30); rows > 0; --rows) {
            for (std::size_t length = below(below(10) == 0 ? 2000 : 12); length > 0; --length) {
                text += "\\.ab\t\r"[below(6)];
            }
            text += '\n';
        }
        text += "\\.\nbehind";
        CopyData data;
        ScannedTable table;
        for (std::string_view rest = text; !rest.empty() && !data.ended();) {
            rest.remove_prefix(data.take(rest.substr(0, 1 + below(300)), table));
        }
        CHECK(data.ended());
        CHECK(table == count_naively(text));
    }
}
