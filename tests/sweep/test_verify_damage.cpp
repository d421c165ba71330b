// Accidental damage: a good dump is no longer the same, to the bit. All of it must be found.
// DBBACKUP_TEST_LONG tries every bit and every length, and ten thousand random damages of a large
// dump.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <random>
#include <utility>

using namespace dbbackup;
using namespace dbbackup::test;
using ops::Verdict;

namespace {

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

/// The verdict of `dbbackup verify` by its exit code.
int exit_code_of(const std::filesystem::path& path) {
    return run_dbbackup({"verify", path.string()}).exit_code;
}

/// Replaces the dump at `path` by each of `damages`, with the original manifest beside it.
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

TEST_CASE("any flipped bit of a dump is found, whatever its kind") {
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

TEST_CASE("a dump that is cut off anywhere is damaged, whatever its kind") {
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

/// One of the ways in which a disk, a cable or a user damages a file. Blocks have a disk's size.
class RandomDamage {
public:
    explicit RandomDamage(std::uint64_t seed) : random_(seed) {}

    /// Always changes `file`.
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
        rows += sample_row(number);
    }
    return sql_of_tables(rows, sample_row(1));
}

} // namespace

TEST_CASE("random damage is found") {
    const std::size_t size = is_long() ? 100'000'000 : 2'500'000;
    const int damages = is_long() ? 10'000 : 24;
    const TempDir temp;
    const std::string sql = large_sql(size);
    int number = 0;
    for (const std::string name : {"shop.sql.gz", "shop.sql.zst", "shop.sql"}) {
        const auto path = write_sample_dump(temp.path(), name, sql);
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
