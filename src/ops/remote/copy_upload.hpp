#pragma once

#include "ops/remote/copy_listing.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/push.hpp>
#include <dbbackup/store/dump_query.hpp>
#include <dbbackup/store/remote.hpp>

namespace dbbackup::ops {

/// A remote that is open, and what was there when it was opened.
struct OpenedRemote {
    store::RemoteSettings settings;
    std::unique_ptr<store::Remote> remote;
    CopyListing listing;
};

/// Copies one dump, unless it is there already, and records the copy in the manifest here. What
/// fails is in the result. Throws base::Interrupted.
[[nodiscard]] CopyResult copy_dump(const store::FoundDump& dump, OpenedRemote& there,
                                   const Context& context);

} // namespace dbbackup::ops
