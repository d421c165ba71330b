// Damage by accident: what was a good dump is not the same any more, to the bit. All of it must be
// found. DBBACKUP_TEST_LONG tries every bit and every length, and ten thousand random damages of a
// large dump.

#include "support/catch.hpp"
#include "support/cluster.hpp"
#include "support/dumps.hpp"
#include "support/made_dump.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <utility>

using namespace dbbackup;
using namespace dbbackup::test;
using ops::Verdict;

namespace {

bool is_long() {
    return std::getenv("DBBACKUP_TEST_LONG") != nullptr;
}

/// All of `size` places, or some of them, the first and the last ones among them.
std::vector<std::size_t> places(std::size_t size, std::size_t some) {
    constexpr std::size_t k_ends = 8;
    std::set<std::size_t> chosen;
    std::mt19937_64 random{size};
    for (std::size_t i = 0; i < std::min(k_ends, size); ++i) {
        chosen.insert({i, size - 1 - i});
    }
    while (chosen.size() < std::min(some, size)) {
        chosen.insert(random() % size);
    }
    for (std::size_t i = 0; is_long() && i < size; ++i) {
        chosen.insert(i);
    }
    return {chosen.begin(), chosen.end()};
}

std::string flipped(std::string content, std::size_t bit) {
    content[bit / 8] =
        static_cast<char>(static_cast<unsigned char>(content[bit / 8]) ^ (1U << (bit % 8)));
    return content;
}

/// A small dump of each kind with its manifest.
class SmallDumps {
public:
    SmallDumps() {
        database_.psql("create table item (id int primary key, name text);"
                       "insert into item select n, 'item ' || n from generate_series(1, 5) n");
        for (const std::vector<std::string>& way : {std::vector<std::string>{"-Z", "gzip"},
                                                    {"-Z", "zstd"},
                                                    {"-Z", "none"},
                                                    {"-F", "custom"}}) {
            paths_.push_back(take_dump(database_.url(), temp_ / way.back(), way).path);
        }
    }

    [[nodiscard]] const std::vector<std::filesystem::path>& paths() const { return paths_; }

private:
    TempDir temp_;
    TestDatabase database_;
    std::vector<std::filesystem::path> paths_;
};

/// What `dbbackup verify` says of it by its exit code.
int exit_code_of(const std::filesystem::path& path) {
    return run_dbbackup({"verify", path.string()}).exit_code;
}

/// Puts each of `damages` in the place of the dump at `path`, and the manifest beside it as it was.
class Sweep {
public:
    explicit Sweep(std::filesystem::path path)
        : path_(std::move(path)), content_(read_file(path_)),
          manifest_(read_file(manifest_path(path_))) {}

    [[nodiscard]] const std::string& content() const { return content_; }

    /// Every few hundredth through the program too.
    void check_damaged(const std::string& damaged) {
        constexpr int k_each = 400;
        write_file(path_, damaged);
        const bool by_program = tried_++ % k_each == 7;
        CHECK(verify_here(path_).verdict == Verdict::damaged);
        if (by_program) {
            CHECK(exit_code_of(path_) == 3);
        }
        write_file(manifest_path(path_), manifest_);
    }

    [[nodiscard]] int tried() const { return tried_; }

private:
    std::filesystem::path path_;
    std::string content_;
    std::string manifest_;
    int tried_ = 0;
};

} // namespace

TEST_CASE("every bit of a dump counts, whatever its kind") {
    const SmallDumps dumps;
    for (const auto& path : dumps.paths()) {
        Sweep sweep{path};
        for (const std::size_t bit : places(sweep.content().size() * 8, 60)) {
            INFO(path << ", bit " << bit);
            sweep.check_damaged(flipped(sweep.content(), bit));
        }
        if (is_long()) {
            WARN(sweep.tried() << " bits of " << path);
        }
    }
}

TEST_CASE("a dump that is cut short anywhere is damaged, whatever its kind") {
    const SmallDumps dumps;
    for (const auto& path : dumps.paths()) {
        Sweep sweep{path};
        for (const std::size_t size : places(sweep.content().size(), 40)) {
            INFO(path << ", the first " << size << " bytes");
            sweep.check_damaged(sweep.content().substr(0, size));
        }
        if (is_long()) {
            WARN(sweep.tried() << " lengths of " << path);
        }
    }
}

namespace {

/// What a manifest that can still be read says of the dump: without what is only about how and of
/// what it was taken, and what happened to it since.
store::Manifest proven_part(const std::string& json) {
    store::Manifest manifest = store::parse_manifest(json, "manifest");
    manifest.tool_version.clear();
    manifest.database = {};
    manifest.dump = {};
    manifest.file.name.clear();
    manifest.verifications.clear();
    return manifest;
}

/// What verify has to say of a whole dump whose manifest is `json` and was `original`.
Verdict verdict_by_manifest(const std::string& json, const std::string& original) {
    try {
        return proven_part(json) == proven_part(original) ? Verdict::good : Verdict::damaged;
    } catch (const base::Error&) {
        const auto version = json.find("\"format_version\": \"");
        const char major = json.at(version + 19);
        const bool is_later = version != std::string::npos && major > '1' && major <= '9' &&
                              json.compare(version + 20, 3, ".1\"") == 0;
        return is_later ? Verdict::unverified : Verdict::damaged;
    }
}

} // namespace

TEST_CASE("of a manifest's bits those are told that say something of the contents") {
    const TempDir temp;
    const auto path = make_dump(temp.path(), "shop_2026-11-20T03-15-00-123Z.sql.gz",
                                sql_of_tables(made_row(1) + made_row(2), made_row(3)));
    const std::string manifest = read_file(manifest_path(path));
    std::map<Verdict, int> found;
    for (const std::size_t bit : places(manifest.size() * 8, 400)) {
        const std::string damaged = flipped(manifest, bit);
        write_file(manifest_path(path), damaged);
        const Verdict verdict = verify_here(path).verdict;
        ++found[verdict];
        if (verdict != verdict_by_manifest(damaged, manifest)) {
            const std::size_t at = bit / 8;
            CAPTURE(bit, damaged.substr(at - std::min<std::size_t>(at, 20), 40));
            CHECK(verdict == verdict_by_manifest(damaged, manifest));
        }
    }
    CHECK(found[Verdict::good] > 0);
    CHECK(found[Verdict::damaged] > found[Verdict::good]);
    if (is_long()) {
        // '3', '5' and '9' in the place of the '1' of "1.1".
        CHECK(found[Verdict::unverified] == 3);
        WARN("bits of a manifest: " << found[Verdict::good] << " say nothing of the contents, "
                                    << found[Verdict::damaged] << " are damage");
    }
}

TEST_CASE("the fields of a manifest that a dump is checked by") {
    const TempDir temp;
    const auto path = make_dump(temp.path(), "shop.sql.zst", sql_of_tables(made_row(1), ""));
    const auto manifest = nlohmann::json::parse(read_file(manifest_path(path)));
    const auto exit_code_with = [&](const std::string& pointer, const std::string& value) {
        nlohmann::json changed = manifest;
        changed.at(nlohmann::json::json_pointer{pointer}) = nlohmann::json::parse(value);
        write_file(manifest_path(path), changed.dump());
        return exit_code_of(path);
    };
    using Change = std::pair<std::string, std::string>;
    for (const auto& [pointer, value] : std::vector<Change>{
             {"/file/size", "1"},
             {"/file/sha256", "\"00\""},
             {"/file/uncompressed_size", "1"},
             {"/contents/schemas", "[\"public\", \"shop\"]"},
             {"/contents/schemas", "[]"},
             {"/contents/large_objects", "1"},
             {"/contents/tables", "[]"},
             {"/contents/tables/1/name", "\"third\""},
             {"/contents/tables/1/schema", "\"shop\""},
             {"/contents/tables/1/rows", "2"},
             {"/contents/tables/1/rows", "-1"},
             {"/contents/tables/1/bytes", "2"},
             {"/contents/tables/1/fingerprint", "\"00000000000000000000000000000000\""},
             {"/contents/tables/1/has_data", "false"},
             {"/contents/tables/2/has_data", "false"},
             {"/format_version", "\"1\""},
             {"/format_version", "\"1.\""},
             {"/format_version", "\"1.x\""},
             {"/format_version", "\"0.9\""},
             {"/format_version", "\"one\""},
             {"/format_version", "1.1"},
             {"/dump/started_at", "\"yesterday\""},
             {"/dump", "{}"}}) {
        INFO(pointer << " " << value);
        CHECK(exit_code_with(pointer, value) == 3);
    }
    for (const auto& [pointer, value] :
         std::vector<Change>{{"/dump/label", "\"after\""},
                             {"/database/name", "\"blog\""},
                             {"/database/port", "1"},
                             {"/dump/started_at", "\"2020-01-01T00:00:00.000Z\""},
                             {"/dump/compression", "\"gzip:2\""},
                             {"/file/name", "\"other.sql\""},
                             {"/pinned", "true"},
                             {"/format_version", "\"1.27\""}}) {
        INFO(pointer << " " << value);
        CHECK(exit_code_with(pointer, value) == 0);
    }
    for (const std::string later : {"\"2.0\"", "\"10.3\""}) {
        CHECK(exit_code_with("/format_version", later) == 1);
    }
}

namespace {

/// One of the ways in which a disk, a cable or a person spoils a file. A block is of a disk's size.
class RandomDamage {
public:
    explicit RandomDamage(std::uint64_t seed) : random_(seed) {}

    /// Never leaves `file` as it was.
    void spoil(std::string& file) {
        constexpr std::size_t k_block = 4096;
        const std::size_t at = below(file.size());
        const std::size_t block = std::min(k_block, file.size() / 4);
        switch (below(6)) {
        case 0:
            file = flipped(std::move(file), at * 8 + below(8));
            break;
        case 1:
            overwrite(file, at, 1 + below(k_block));
            break;
        case 2:
            file.erase(at, 1 + below(2 * k_block));
            break;
        case 3:
            file.insert(at, random_text(1 + below(k_block)));
            break;
        case 4:
            swap_blocks(file, block);
            break;
        default:
            file.insert(at / block * block, file.substr(at / block * block, block));
        }
    }

private:
    std::size_t below(std::size_t limit) { return random_() % limit; }

    std::string random_text(std::size_t size) {
        std::string text(size, '\0');
        for (char& c : text) {
            c = static_cast<char>(random_());
        }
        return text;
    }

    void overwrite(std::string& file, std::size_t at, std::size_t size) {
        size = std::min(size, file.size() - at);
        const std::string before = file.substr(at, size);
        while (file.compare(at, size, before) == 0) {
            file.replace(at, size, random_text(size));
        }
    }

    void swap_blocks(std::string& file, std::size_t block) {
        const std::string before = file;
        while (file == before) {
            const std::size_t one = below(file.size() / block) * block;
            const std::size_t other = below(file.size() / block) * block;
            std::swap_ranges(file.begin() + static_cast<std::ptrdiff_t>(one),
                             file.begin() + static_cast<std::ptrdiff_t>(one + block),
                             file.begin() + static_cast<std::ptrdiff_t>(other));
        }
    }

    std::mt19937_64 random_;
};

/// Rows up to `size` bytes of SQL.
std::string large_sql(std::size_t size) {
    std::string rows;
    rows.reserve(size + 200);
    for (std::uint64_t number = 0; rows.size() < size; ++number) {
        rows += made_row(number);
    }
    return sql_of_tables(rows, made_row(1));
}

} // namespace

TEST_CASE("random damages are found") {
    const std::size_t size = is_long() ? 100'000'000 : 2'500'000;
    const int damages = is_long() ? 10'000 : 24;
    const TempDir temp;
    const std::string sql = large_sql(size);
    int number = 0;
    for (const std::string name : {"shop.sql.gz", "shop.sql.zst", "shop.sql"}) {
        const auto path = make_dump(temp.path(), name, sql);
        REQUIRE(verify_here(path).verdict == Verdict::good);
        Sweep sweep{path};
        for (int i = 0; i < damages / 3 + 1; ++i) {
            INFO(name << ", damage " << number);
            std::string damaged = sweep.content();
            RandomDamage{static_cast<std::uint64_t>(++number)}.spoil(damaged);
            sweep.check_damaged(damaged);
        }
    }
    if (is_long()) {
        WARN(number << " damages of " << size << " bytes of SQL");
    }
}
