#pragma once

#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/manifest.hpp>

#include <string>

namespace dbbackup::store {

/// Adds `verification` to the manifest of the dump `dump_name`. Of very many the oldest go: the
/// last hundred stay, and of each level the last that was ok and the last that was not. All else in
/// the manifest stays as it is to the byte, what this version does not know included. Throws as
/// ManifestLock does.
void record_verification(const DumpDirectory& directory, const std::string& dump_name,
                         const Manifest::Verification& verification);

enum class Pinned { no, yes };

/// What a change of a manifest came to.
enum class Change { none, made };

/// Sets `pinned` in the same way. Where it is so already, nothing is written.
Change set_pinned(const DumpDirectory& directory, const std::string& dump_name, Pinned pinned);

} // namespace dbbackup::store
