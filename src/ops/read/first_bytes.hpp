#pragma once

#include <dbbackup/stream/pump.hpp>

#include <string>

namespace dbbackup::ops {

/// The first 512 bytes, by which formats are told.
[[nodiscard]] std::string first_bytes(stream::Source& source);

} // namespace dbbackup::ops
