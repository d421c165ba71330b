#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::test {

/// A new directory below TMPDIR or /tmp, with a short path, removed at the end unless
/// DBBACKUP_TEST_KEEP is set.
class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

void write_file(const std::filesystem::path& path, std::string_view content);
void write_executable(const std::filesystem::path& path, std::string_view content);
[[nodiscard]] std::string read_file(const std::filesystem::path& path);
/// Names in `directory`, sorted, hidden ones included.
[[nodiscard]] std::vector<std::string> names_in(const std::filesystem::path& directory);

} // namespace dbbackup::test
