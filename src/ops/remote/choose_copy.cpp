#include "ops/remote/choose_copy.hpp"

#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

ListedRemote open_and_list(const store::RemoteSettings& settings, const Context& context) {
    ListedRemote there{.remote = store::open_remote(settings, context.environment), .listing = {}};
    there.listing = list_copies(*there.remote);
    return there;
}

store::DumpEntry choose_copy(const ListedRemote& there, const store::RemoteSettings& settings,
                             store::DumpQuery query, const Context& context) {
    query.directory = settings.target;
    store::ListedDump chosen =
        store::resolve_listed(there.listing.copies, query, context.clock.now());
    for (const std::string& warning : chosen.warnings) {
        context.listener.on_warning(warning);
    }
    if (!chosen.entry.problem.empty()) {
        context.listener.on_warning(fmt::format(
            "the copy '{}': {}", base::printable(there.remote->path_of(chosen.entry.name)),
            chosen.entry.problem));
    }
    return std::move(chosen.entry);
}

} // namespace dbbackup::ops
