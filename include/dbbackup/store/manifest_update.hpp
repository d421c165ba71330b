#pragma once

#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/manifest.hpp>

#include <string>

namespace dbbackup::store {

/// Adds `verification` to the manifest of the dump `dump_name`. If there are too many, the oldest
/// are removed: the last hundred stay, and for each level the last that was ok and the last that
/// was not. The rest of the manifest stays the same to the byte, including unknown fields. Throws
/// as ManifestLock does.
void record_verification(const DumpDirectory& directory, const std::string& dump_name,
                         const Manifest::Verification& verification);

/// Adds `check` to `checks` in the same way; the last hundred stay.
void record_check(const DumpDirectory& directory, const std::string& dump_name,
                  const Manifest::Check& check);

/// Adds `copy` to `copies` in the same way; an earlier one at the same remote is removed.
void record_copy(const DumpDirectory& directory, const std::string& dump_name,
                 const Manifest::Copy& copy);

/// Adds `restore` to `restores` in the same way; the last hundred stay.
void record_restore(const DumpDirectory& directory, const std::string& dump_name,
                    const Manifest::Restore& restore);

/// Sets `loss_accepted_at` in the same way.
void record_accepted_loss(const DumpDirectory& directory, const std::string& dump_name,
                          base::UtcTime at);

enum class Pinned { no, yes };

/// Whether a manifest was changed.
enum class Change { none, made };

/// Sets `pinned` in the same way. If it already has that value, writes nothing.
Change set_pinned(const DumpDirectory& directory, const std::string& dump_name, Pinned pinned);

/// The text of a manifest as it goes to a remote: without `copies`, and with a `dump_id`; the rest
/// stays the same to the byte. Throws base::Error if it cannot be read.
[[nodiscard]] std::string manifest_for_copy(const DumpDirectory& directory,
                                            const std::string& dump_name);

/// The `dump_id` or, for a dump that was taken before there were any, the beginning of its SHA-256:
/// what tells whether two files are copies of one dump.
[[nodiscard]] std::string identity_of_dump(const Manifest& manifest);

} // namespace dbbackup::store
