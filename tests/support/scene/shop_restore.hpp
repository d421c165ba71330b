#pragma once

#include "support/scene/restore_scene.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::test {

/// A scene whose source is a small shop in the new state, and whose target is the same shop in the
/// old state, with other columns, rows and tables. The target also contains a table and a large
/// object outside the shop, which no dump of the source contains.
class ShopRestore : public RestoreScene {
public:
    ShopRestore();

    /// The old state again, after a restore.
    void reset_target() const;

    /// The SQL of the source, as pg_dump writes it.
    [[nodiscard]] std::string sql() const;
    /// `content` as a dump without a manifest, under its own name that ends in `suffix`.
    [[nodiscard]] std::filesystem::path write_dump(std::string_view content,
                                                   const std::string& suffix = ".sql") const;

    /// Restores with --clean and checks that this fails like that and changes nothing.
    void check_refused(const std::filesystem::path& dump, int exit_code, const std::string& message,
                       std::vector<std::string> arguments = {}) const;
    /// Checks that no database of a restore into the target is left: neither the new one nor the
    /// old one under another name.
    void check_no_other_database() const;
    /// Databases whose names begin with the target's and an underscore.
    [[nodiscard]] std::string others() const;

    /// Checks that `result` is a success, and that the target has the new state and its former
    /// objects outside the shop.
    void check_new(const ProgramResult& result) const;
    /// Whether the shop in the target is now byte for byte as in the source.
    [[nodiscard]] bool is_new() const;
};

/// `text` with the first `from` in it replaced; throws std::runtime_error if there is none.
[[nodiscard]] std::string replaced(std::string text, std::string_view from, std::string_view to);

/// `sql` with `statements` as the last ones of the dump.
[[nodiscard]] std::string with_last(const std::string& sql, std::string_view statements);

/// The part of `text` up to the end of the first `last`; throws std::runtime_error if there is
/// none.
[[nodiscard]] std::string up_to(const std::string& text, std::string_view last);

} // namespace dbbackup::test
