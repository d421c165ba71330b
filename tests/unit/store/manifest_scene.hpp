#pragma once

#include "support/temp_dir.hpp"

#include <dbbackup/store/manifest_lock.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A directory with one dump and its manifest, which can be damaged and updated.
struct ManifestScene {
    ManifestScene() {
        store::Manifest manifest;
        manifest.tool_version = "0.1.0";
        manifest.file.size = 3;
        write_file(temp / k_dump, "sql");
        write(store::to_json(manifest));
        std::filesystem::permissions(path(), std::filesystem::perms{0600});
    }

    static constexpr const char* k_dump = "x.sql";

    [[nodiscard]] std::filesystem::path path() const { return temp / "x.sql.json"; }

    [[nodiscard]] std::filesystem::path partial() const {
        return temp / store::manifest_update_partial_name(k_dump);
    }

    [[nodiscard]] std::string text() const { return read_file(path()); }

    void write(const std::string& text) const { write_file(path(), text); }

    [[nodiscard]] store::Manifest manifest() const {
        return store::parse_manifest(text(), "x.json");
    }

    [[nodiscard]] store::DumpDirectory directory() const {
        return store::DumpDirectory::open(temp.path());
    }

    void record(const std::string& level, std::int64_t second, const std::string& result) const {
        store::Manifest::Verification verification;
        verification.level = level;
        verification.at = base::UtcTime{std::chrono::seconds{1'800'000'000 + second}};
        verification.result = result;
        verification.seconds = static_cast<double>(second);
        store::record_verification(directory(), k_dump, verification);
    }

    store::Change pin(store::Pinned pinned) const {
        return store::set_pinned(directory(), k_dump, pinned);
    }

    TempDir temp;
};

} // namespace dbbackup::test
