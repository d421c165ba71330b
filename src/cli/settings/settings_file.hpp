#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace dbbackup::cli {

/// A settings file, as it was when it was read.
struct SettingsFile {
    std::string content;
    mode_t mode = 0;
    bool others_may_read = false; ///< users other than ours and root, by its mode
};

/// A kind of settings file: "env file", and the option that names another one.
struct SettingsFileKind {
    std::string noun;
    std::string option;
    std::string danger; ///< what its content can do, for a hint
};

inline const SettingsFileKind k_env_file_kind{
    .noun = "env file", .option = "--env-file", .danger = "It can send you to another server."};

/// The file `name` of the current directory, which is used without being named; nothing if there is
/// none, or a directory. Throws base::Error{usage} if anyone other than this user or root may have
/// changed the file, the link that leads to it, or the directory.
[[nodiscard]] std::optional<SettingsFile> find_settings_file(const std::string& name,
                                                             const SettingsFileKind& kind);

/// The file at `path`, which the user named: it may have any owner, and need not be a regular file.
/// Throws base::Error{usage} if it cannot be read.
[[nodiscard]] SettingsFile read_settings_file(const std::string& path,
                                              const SettingsFileKind& kind);

/// `path`, usable from any directory.
[[nodiscard]] std::string absolute_path(const std::string& path);

} // namespace dbbackup::cli
