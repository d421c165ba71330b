// Dumps that are complete but changed, and files that are not dumps.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/shop_restore.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_damaged = 3;

const std::string k_first_row = "1\t2\t0.25\n";

/// A dump of the source with its manifest, to be damaged.
struct SpoiltDump {
    ShopRestore scene;
    TakenDump taken;
    std::string content;

    explicit SpoiltDump(std::vector<std::string> arguments)
        : taken(take_dump(scene.source().url(), scene.temp() / "taken", std::move(arguments))),
          content(read_file(taken.path)) {}

    /// Restores `spoilt` under the dump's name.
    void check_refused(const std::string& spoilt, const std::string& message) const {
        write_file(taken.path, spoilt);
        scene.check_refused(taken.path, k_damaged, message);
        write_file(taken.path, content);
    }

    /// Restores the dump with `manifest` instead of its own.
    void check_refused(const nlohmann::json& manifest, const std::string& message) const {
        write_manifest(manifest.dump(2));
        scene.check_refused(taken.path, k_damaged, message);
        write_manifest(taken.manifest.dump(2));
    }

    void write_manifest(const std::string& text) const {
        write_file(taken.path.string() + ".json", text);
    }
};

std::string with_bit_flipped(std::string content, std::size_t byte, unsigned bit) {
    content[byte] = static_cast<char>(static_cast<unsigned char>(content[byte]) ^ (1U << bit));
    return content;
}

} // namespace

TEST_CASE("a bit flipped anywhere in a dump with a manifest is found before anything is dropped") {
    for (const std::vector<std::string>& way : {std::vector<std::string>{"-Z", "gzip"},
                                                {"-Z", "zstd"},
                                                {"-Z", "none"},
                                                {"-F", "custom"}}) {
        const SpoiltDump dump{way};
        const std::size_t size = dump.content.size();
        unsigned bit = 0;
        for (const std::size_t byte :
             {std::size_t{4}, size / 5, size / 2, size * 4 / 5, size - 3}) {
            INFO(way.back() << ", byte " << byte << " of " << size);
            write_file(dump.taken.path, with_bit_flipped(dump.content, byte, bit++));
            const auto result = dump.scene.restore(dump.taken.path, {"--clean"});
            // In an archive's header it may look like another version of pg_dump.
            CHECK((result.exit_code == k_damaged || result.exit_code == k_failed));
            dump.scene.check_failed(result, result.exit_code);
        }
    }
}

TEST_CASE("a bit flipped in the data of a gzip dump without a manifest is found") {
    const SpoiltDump dump{{}};
    for (const std::size_t part : {10U, 30U, 50U, 70U, 95U}) {
        const std::string spoilt =
            with_bit_flipped(dump.content, dump.content.size() * part / 100, part % 8);
        dump.scene.check_refused(dump.scene.write_dump(spoilt, ".sql.gz"), k_damaged, "");
    }
}

TEST_CASE("a change that leaves a valid dump is found by its manifest") {
    const SpoiltDump dump{{"-Z", "none"}};
    const std::string& sql = dump.content;
    dump.check_refused(replaced(sql, k_first_row, "1\t2\t0.26\n"), "other rows in shop.orders");
    dump.check_refused(replaced(sql, k_first_row, ""), "has 399 rows in shop.orders");
    dump.check_refused(replaced(sql, k_first_row, k_first_row + k_first_row),
                       "has 401 rows in shop.orders");
    dump.check_refused(
        replaced(sql, "CREATE INDEX orders_by_customer", "CREATE INDEX orders_by_custome_"),
        "another SHA-256");
    dump.check_refused(replaced(sql, "one; two", "one, two"), "another SHA-256");
    dump.check_refused(with_last(sql, "DROP VIEW shop.totals;"), "bytes, its manifest says");
}

TEST_CASE("a manifest that does not match is found") {
    const SpoiltDump dump{{}};
    nlohmann::json manifest = dump.taken.manifest;
    auto& tables = manifest["contents"]["tables"];
    auto& rows = tables[0]["rows"];
    rows = rows.get<int>() + 1;
    dump.check_refused(manifest, "its manifest says");

    manifest = dump.taken.manifest;
    manifest["contents"]["tables"].erase(0);
    dump.check_refused(manifest, "which is not in its manifest");

    manifest = dump.taken.manifest;
    manifest["file"]["sha256"] = std::string(64, '0');
    dump.check_refused(manifest, "another SHA-256");

    manifest = dump.taken.manifest;
    manifest["contents"]["large_objects"] = 1;
    dump.check_refused(manifest, "large objects");

    dump.scene.source().psql("delete from shop.orders where id = 400");
    dump.check_refused(take_dump(dump.scene.source().url(), dump.scene.temp() / "other").manifest,
                       "has 400 rows in shop.orders, its manifest says 399");
}

TEST_CASE("a manifest that cannot be read is not ignored") {
    const SpoiltDump dump{{"-Z", "none"}};
    for (const auto& path :
         {"/file", "/file/sha256", "/contents", "/contents/tables", "/database"}) {
        INFO("without " << path);
        nlohmann::json manifest = dump.taken.manifest;
        const nlohmann::json::json_pointer pointer{path};
        manifest[pointer.parent_pointer()].erase(pointer.back());
        dump.check_refused(manifest, ".json");
    }
    for (const std::string& text : {std::string{}, std::string{"{"}, std::string{"[]"},
                                    dump.taken.manifest.dump().substr(0, 300)}) {
        INFO(text);
        dump.write_manifest(text);
        dump.scene.check_refused(dump.taken.path, k_damaged, ".json");
    }
}

TEST_CASE("files that are not dumps") {
    const ShopRestore scene;
    for (const std::string& text :
         {std::string{}, std::string{"\n"}, std::string{"hello, this is a letter\n"},
          std::string{"CREATE TABLE shop.t (i integer);\n"}, std::string(5000, '\0'),
          std::string{"PGDMP"}, std::string{"PGDMP\1\x0e\0 and so on", 17},
          std::string{"\x1f\x8b\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0", 20}, // gzip of nothing
          std::string{"\x1f\x8b"},
          std::string{"\x28\xb5\x2f\xfd\x24\x00\x01\x00\x00\x99\xe9\xd8\x51", 13}}) {
        INFO(text.size() << " bytes: " << text.substr(0, 30));
        const auto result = scene.restore(scene.write_dump(text), {"--clean"});
        CHECK((result.exit_code == k_damaged || result.exit_code == k_failed));
        scene.check_failed(result, result.exit_code);
    }
}

TEST_CASE("other than regular files cannot be restored") {
    const ShopRestore scene;
    const auto directory = scene.temp() / "directory.sql";
    std::filesystem::create_directory(directory);
    scene.check_refused(directory, k_failed, "directory.sql");

    const auto fifo = scene.temp() / "fifo.sql";
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    scene.check_refused(fifo, k_failed, "fifo.sql");

    scene.check_refused(scene.temp() / "missing.sql", k_failed, "missing.sql");
    scene.check_refused("/dev/null", k_failed, "null");

    std::filesystem::create_symlink("nowhere.sql", scene.temp() / "dangling.sql");
    scene.check_refused(scene.temp() / "dangling.sql", k_failed, "dangling.sql");
}

TEST_CASE("a link to a dump, such as people keep to the newest one, is followed") {
    const ShopRestore scene;
    const auto link = scene.temp() / "link.sql";
    std::filesystem::create_symlink(scene.write_dump(scene.sql()), link);
    CHECK(scene.restore(link, {"--clean"}).exit_code == 0);
}
