#include "ops/remote/choose_copy.hpp"
#include "ops/remote/copy_notes.hpp"
#include "ops/status/judge_status.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <fmt/format.h>
#include <limits>

namespace dbbackup::ops {

ListReport list_remote(const ListRequest& request, const store::RemoteSettings& remote,
                       const Context& context) {
    ListedRemote there = open_and_list(remote, context);
    ListReport report{.directory = remote.target,
                      .now = context.clock.now(),
                      .dumps = std::move(there.listing.copies),
                      .is_filtered = request.is_filtered()};
    std::erase_if(report.dumps, [&request](const store::DumpEntry& copy) {
        return (request.database && copy.database() != request.database) ||
               (request.label && copy.label() != request.label) ||
               (request.named && !request.named->has(copy.manifest));
    });
    if (const auto unfinished = there.listing.unfinished(); !unfinished.empty()) {
        context.listener.on_notice(fmt::format(
            "not listed: {} without a manifest, from copying that is under way or was "
            "never finished",
            unfinished.size() == 1 ? "1 file" : fmt::format("{} files", unfinished.size())));
    }
    return report;
}

ShowReport show_copy(const ShowRequest& request, const store::RemoteSettings& remote,
                     const Context& context) {
    const ListedRemote there = open_and_list(remote, context);
    store::DumpEntry copy = choose_copy(there, remote,
                                        {.directory = {},
                                         .reference = request.dump,
                                         .latest = request.latest,
                                         .only_parts = store::OnlyParts::newest,
                                         .command_line = request.command_line},
                                        context);
    const std::string path = there.remote->path_of(copy.name);
    if (!copy.manifest) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' cannot be shown: {}", base::printable(path), copy.problem),
            "Push it again from a machine that has the dump."};
    }
    return {
        .path = path, .entry = std::move(copy), .read = std::nullopt, .now = context.clock.now()};
}

PinReport pin_copy(const PinRequest& request, const store::RemoteSettings& remote,
                   const Context& context) {
    const ListedRemote there = open_and_list(remote, context);
    const store::DumpEntry copy = choose_copy(there, remote,
                                              {.directory = {},
                                               .reference = request.dump,
                                               .latest = request.latest,
                                               .only_parts = store::OnlyParts::refused,
                                               .command_line = request.command_line},
                                              context);
    const std::string path = there.remote->path_of(copy.name);
    if (!copy.manifest || copy.is_foreign()) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("'{}' cannot be pinned or unpinned: {}",
                                      base::printable(path), copy.problem),
                          "Nothing was changed. prune never deletes such a copy."};
    }
    const bool wanted = request.pinned == store::Pinned::yes;
    PinReport report{.path = path, .pinned = wanted, .change = store::Change::none};
    if (copy.manifest->pinned != wanted) {
        write_note(*there.remote, remote, copy.name,
                   {.dump_id = store::identity_of_dump(*copy.manifest),
                    .at = context.clock.now(),
                    .pinned = wanted},
                   request.directory, context.listener);
        report.change = store::Change::made;
    }
    return report;
}

StatusReport judge_copies(const StatusRequest& request, const store::RemoteSettings& remote,
                          const Context& context) {
    const ListedRemote there = open_and_list(remote, context);
    StatusSurvey survey{.dumps = there.listing.copies,
                        .lost = {},
                        .leftovers = {},
                        // How much room is there, it does not say.
                        .free_bytes = std::numeric_limits<std::uint64_t>::max(),
                        .now = context.clock.now()};
    for (const std::string& name : there.listing.lost()) {
        const auto parsed = store::parse_dump_name(name);
        survey.lost.push_back(
            {.name = name, .database = parsed ? std::optional{parsed->database} : std::nullopt});
    }
    StatusRequest of_remote = request;
    of_remote.directory = remote.target;
    return judge_status(of_remote, survey);
}

} // namespace dbbackup::ops
