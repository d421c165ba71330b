#include "ops/read/named_dump.hpp"
#include "ops/remote/copy_upload.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/push.hpp>
#include <dbbackup/ops/recipients.hpp>
#include <dbbackup/store/existing_directory.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

std::vector<store::FoundDump> choose_named(const PushRequest& request, const Context& context) {
    std::vector<store::FoundDump> chosen;
    const std::vector<std::string> latest{"latest"};
    for (const std::string& reference : request.dumps.empty() ? latest : request.dumps) {
        chosen.push_back(find_named_dump({.directory = request.directory,
                                          .reference = reference,
                                          .latest = request.latest,
                                          .only_parts = store::OnlyParts::newest,
                                          .command_line = request.command_line},
                                         context));
    }
    return chosen;
}

/// All that may go there, the oldest first: if it is cut short, the rest is missing at the end.
std::vector<store::FoundDump> choose_missing(const PushRequest& request,
                                             const OpenedRemote& there) {
    const auto directory = store::open_existing(request.directory, request.command_line);
    std::vector<store::FoundDump> chosen;
    const auto has_good_copy = [&there](const store::DumpEntry& dump) {
        const auto* same = there.listing.find_same(store::identity_of_dump(*dump.manifest));
        return same != nullptr && same->problem.empty();
    };
    for (store::DumpEntry& dump : directory.list()) {
        if (dump.manifest && dump.problem.empty() && !dump.is_second_name() &&
            request.latest.has(dump) && !has_good_copy(dump)) {
            chosen.push_back({.directory = store::DumpDirectory::open(request.directory),
                              .entry = std::move(dump),
                              .warnings = {},
                              .older_sound = std::nullopt});
        }
    }
    std::ranges::reverse(chosen);
    return chosen;
}

/// The remote cannot be reached: no dump gets there.
CopyResult unreachable(const store::RemoteSettings& settings, const std::string& dump,
                       const base::Error& error) {
    return {.remote = settings.name,
            .dump = dump,
            .path = {},
            .state = CopyState::failed,
            .message = error.what(),
            .hint = error.hint()};
}

/// What came before the remote had recipients can be read there by anybody who holds it.
void warn_of_copies_in_clear(const OpenedRemote& there, Listener& listener) {
    if (there.settings.recipients.empty()) {
        return;
    }
    std::string first;
    std::size_t others = 0;
    for (const store::DumpEntry& copy : there.listing.copies) {
        if (copy.manifest && !copy.manifest->seal && !copy.is_foreign()) {
            others += first.empty() ? 0 : 1;
            first = first.empty() ? copy.name : first;
        }
    }
    if (!first.empty()) {
        listener.on_warning(fmt::format(
            "remote '{}' has recipients, but what came there before is in clear and stays so: "
            "'{}'{}. Delete it there with its manifest, and push it again to have it sealed",
            there.settings.name, base::printable(first),
            others == 0 ? "" : fmt::format(" and {} more", others)));
    }
}

void push_to(const store::RemoteSettings& settings, const PushRequest& request,
             const std::vector<store::FoundDump>& named, PushReport& report,
             const Context& context) {
    OpenedRemote there{.settings = settings, .remote = nullptr, .listing = {}};
    std::vector<store::FoundDump> missing;
    try {
        (void)parse_recipients(settings.recipients, context); // refuses a wrong key first
        there.remote = store::open_remote(settings, context.environment);
        there.listing = list_copies(*there.remote);
        warn_of_copies_in_clear(there, context.listener);
        if (request.choice == PushChoice::missing) {
            missing = choose_missing(request, there);
        }
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::usage) {
            throw;
        }
        for (const store::FoundDump& dump : named) {
            report.copies.push_back(unreachable(settings, dump.entry.name, error));
        }
        if (named.empty()) {
            report.copies.push_back(unreachable(settings, {}, error));
        }
        return;
    }
    for (const store::FoundDump& dump : request.choice == PushChoice::missing ? missing : named) {
        report.copies.push_back(copy_dump(dump, there, context));
        const CopyResult& copy = report.copies.back();
        context.listener.on_detail(
            fmt::format("{}: {}", base::printable(copy.path), name_of(copy.state)));
    }
}

} // namespace

std::string_view name_of(CopyState state) noexcept {
    switch (state) {
    case CopyState::copied:
        return "copied";
    case CopyState::there:
        return "there";
    case CopyState::failed:
        return "failed";
    case CopyState::not_pushed:
        return "not_pushed";
    }
    return "failed";
}

bool PushReport::is_good() const noexcept {
    return std::ranges::all_of(copies, &CopyResult::is_good);
}

std::optional<base::Error> PushReport::find_error() const {
    const auto failed = [this](CopyState state) {
        return std::ranges::find(copies, state, &CopyResult::state);
    };
    const auto unsound = failed(CopyState::not_pushed);
    const auto first = unsound != copies.end() ? unsound : failed(CopyState::failed);
    if (first == copies.end()) {
        return std::nullopt;
    }
    const auto bad = static_cast<std::size_t>(
        copies.size() -
        static_cast<std::size_t>(std::ranges::count_if(copies, &CopyResult::is_good)));
    const auto kind = first == unsound ? base::ErrorKind::damaged : base::ErrorKind::not_copied;
    return base::Error{
        kind,
        bad == 1 ? first->message
                 : fmt::format("{} copies were not made: {}, and more", bad, first->message),
        first->hint};
}

PushReport push(const PushRequest& request, const Context& context) {
    PushReport report;
    const std::vector<store::FoundDump> named = request.choice == PushChoice::named
                                                    ? choose_named(request, context)
                                                    : std::vector<store::FoundDump>{};
    for (const store::RemoteSettings& settings : request.remotes) {
        push_to(settings, request, named, report, context);
    }
    return report;
}

} // namespace dbbackup::ops
