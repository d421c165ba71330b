#include "ops/remote/copy_results.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <optional>

namespace dbbackup::ops {

namespace {

using Verifications = std::vector<store::Manifest::Verification>;

/// The fetched file is gone when the user reads this.
std::string as_copy(std::string text, const FetchedCopy& fetched) {
    const std::string path = base::printable(fetched.path().native());
    const std::string origin = base::printable(fetched.origin());
    for (std::size_t at = text.find(path); at != std::string::npos;
         at = text.find(path, at + origin.size())) {
        text.replace(at, path.size(), origin);
    }
    return text;
}

/// What verify() has recorded of the fetched file. Its manifest has none of the copy's notes.
Verifications verifications_of(const FetchedCopy& fetched) {
    const auto manifest = store::DumpDirectory::open(fetched.path().parent_path())
                              .find_manifest(fetched.path().filename());
    return manifest ? manifest->verifications : Verifications{};
}

VerifiedDump verify_file(const FetchedCopy& fetched, const VerifyRequest& request,
                         const Context& context) {
    VerifyRequest drill = request;
    drill.directory = fetched.path().parent_path();
    drill.dumps = {fetched.path().native()};
    drill.latest = {};
    drill.command_line =
        request.command_line.naming(fetched.path().native(), fetched.path().filename());
    VerifiedDump result = std::move(verify(drill, context).dumps.front());
    result.path = fetched.origin();
    result.message = as_copy(std::move(result.message), fetched);
    result.recorded = false;
    return result;
}

VerifiedDump verify_copy(const VerifiedRemote& remote, const store::DumpEntry& copy,
                         const VerifyRequest& request, const Context& context) {
    try {
        const auto fetched = fetch_copy({.dump = copy.name,
                                         .latest = {},
                                         .only_parts = store::OnlyParts::newest,
                                         .command_line = request.command_line},
                                        remote.settings, context);
        const std::size_t known = verifications_of(*fetched).size();
        VerifiedDump result = verify_file(*fetched, request, context);
        if (Verifications recorded = verifications_of(*fetched); recorded.size() > known) {
            recorded.back().result = as_copy(std::move(recorded.back().result), *fetched);
            record_verification(result, remote, copy, std::move(recorded.back()), context);
        }
        return result;
    } catch (const base::Error& error) {
        // One copy that cannot be had must not hide the others.
        sys::throw_if_interrupted();
        VerifiedDump result;
        result.path = remote.there.remote->path_of(copy.name);
        result.database = copy.database();
        result.size = copy.size;
        result.has_manifest = copy.manifest.has_value();
        result.verdict =
            error.kind() == base::ErrorKind::damaged ? Verdict::damaged : Verdict::unverified;
        result.message = base::without_marks(error.what());
        result.hint = error.hint();
        record_result(result, remote, copy, context);
        return result;
    }
}

} // namespace

VerifyReport verify_fetched(const VerifyRequest& request, const store::RemoteSettings& remote,
                            const Context& context) {
    const ListedRemote there = open_and_list(remote, context);
    const VerifiedRemote where{.there = there, .settings = remote, .directory = request.directory};
    VerifyReport report;
    for (const store::DumpEntry& copy : choose_copies_to_verify(where, request, context)) {
        report.dumps.push_back(verify_copy(where, copy, request, context));
    }
    add_lost_copies(report, where, request);
    return report;
}

} // namespace dbbackup::ops
