#pragma once

#include "ops/remote/choose_copy.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/verify.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/store/remote.hpp>

#include <filesystem>
#include <vector>

namespace dbbackup::ops {

/// Where copies are verified.
struct VerifiedRemote {
    const ListedRemote& there;
    const store::RemoteSettings& settings;
    const std::filesystem::path& directory; ///< the dump directory here
};

/// The copies that `request` means; at least one, unless all are lost.
[[nodiscard]] std::vector<store::DumpEntry> choose_copies_to_verify(const VerifiedRemote& remote,
                                                                    const VerifyRequest& request,
                                                                    const Context& context);

/// If `request` means all copies: the manifests whose dump is gone.
void add_lost_copies(VerifyReport& report, const VerifiedRemote& remote,
                     const VerifyRequest& request);

/// Writes what reading `copy` found there as a note, for all who look at it. A note that cannot be
/// written is a warning.
void record_result(VerifiedDump& result, const VerifiedRemote& remote, const store::DumpEntry& copy,
                   const Context& context);

/// The same for what verify() recorded of a fetched copy.
void record_verification(VerifiedDump& result, const VerifiedRemote& remote,
                         const store::DumpEntry& copy, store::Manifest::Verification found,
                         const Context& context);

} // namespace dbbackup::ops
