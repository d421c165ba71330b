#pragma once

#include "ops/remote/copy_listing.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/dump_query.hpp>
#include <dbbackup/store/remote.hpp>

#include <memory>

namespace dbbackup::ops {

/// A remote, and what is there.
struct ListedRemote {
    std::unique_ptr<store::Remote> remote;
    CopyListing listing;
};

[[nodiscard]] ListedRemote open_and_list(const store::RemoteSettings& settings,
                                         const Context& context);

/// The copy that `query` means (its directory is set here), with warnings about the choice to the
/// listener.
[[nodiscard]] store::DumpEntry choose_copy(const ListedRemote& there,
                                           const store::RemoteSettings& settings,
                                           store::DumpQuery query, const Context& context);

} // namespace dbbackup::ops
