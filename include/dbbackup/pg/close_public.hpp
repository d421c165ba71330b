#pragma once

#include <dbbackup/pg/dumped_public.hpp>

#include <optional>
#include <string>

namespace dbbackup::pg {

/// What a server of that version must run in a new or empty database, where before 15 PUBLIC may
/// create in `public`, before a dump that takes for granted that PUBLIC may not; or nothing.
/// `restored` is what of `in_dump` is restored. A part without `public` says nothing of it; a dump
/// of a database before 15 does, as its owner is not the one that 15 has.
[[nodiscard]] std::optional<std::string>
close_public(const DumpedPublic& in_dump, const DumpedPublic& restored, int version_number);

} // namespace dbbackup::pg
