#pragma once

#include "ops/seal/age_program.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/dump_query.hpp>
#include <dbbackup/store/manifest.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// `manifest`, which describes a sealed file, with its record sealed for the same recipients. What
/// it says of contents stays in the value, and is not written in clear. Throws base::Error.
[[nodiscard]] store::Manifest seal_manifest(store::Manifest manifest,
                                            const std::vector<std::string>& recipients,
                                            const AgeProgram& age);

/// `sealed` with all that its record says. `name` is the manifest's, for errors. Throws
/// base::Error: {failed} if the identity does not open it.
[[nodiscard]] store::Manifest open_sealed_manifest(const store::Manifest& sealed,
                                                   const std::string& name, const Context& context);

/// Whether `dump` is sealed, according to its manifest, its name or its first bytes.
[[nodiscard]] bool is_sealed(const store::DumpEntry& dump, std::string_view beginning);

} // namespace dbbackup::ops
