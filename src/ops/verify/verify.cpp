#include "ops/drill/drill.hpp"
#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/read/file_hash.hpp"
#include "ops/read/manifest_difference.hpp"
#include "ops/read/named_dump.hpp"
#include "ops/server_access.hpp"
#include "ops/transfer/verified_export.hpp"
#include "ops/verify/dump_choice.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/verify.hpp>
#include <dbbackup/pg/client_tools.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/manifest_update.hpp>
#include <dbbackup/sys/file_use.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <iterator>
#include <new>
#include <utility>

namespace dbbackup::ops {

namespace {

constexpr const char* k_no_manifest =
    "it has no manifest: its size, SHA-256, row counts and fingerprints could not be compared";
constexpr const char* k_unread_manifest =
    "its manifest could not be read: its size, SHA-256, row counts and fingerprints could not be "
    "compared";

/// What was not compared, and why.
std::string not_checked(const store::DumpEntry& entry) {
    if (entry.manifest) {
        return {};
    }
    return entry.unread_manifest ? k_unread_manifest : k_no_manifest;
}

/// A server's DETAIL repeats values of rows, which do not belong in a manifest.
std::string without_detail(const std::string& message) {
    return message.substr(0, message.find("; DETAIL:"));
}

/// The verification of one dump.
class Verification {
public:
    Verification(const VerifyRequest& request, const std::string& reference, const Context& context)
        : request_(request), reference_(reference), context_(context) {
        result_.path = reference;
    }

    VerifiedDump run() {
        try {
            verify();
        } catch (const DamagedDump& error) {
            result_.place = error.place();
            conclude(Verdict::damaged, error);
        } catch (const base::Error& error) {
            // After a signal, a failure says nothing about the dump.
            sys::throw_if_interrupted();
            if (error.kind() == base::ErrorKind::usage) {
                throw;
            }
            conclude(error.kind() == base::ErrorKind::damaged ? Verdict::damaged
                                                              : Verdict::unverified,
                     error);
        } catch (const std::bad_alloc&) {
            conclude(Verdict::unverified, {base::ErrorKind::failed, "not enough memory"});
        }
        record();
        return std::move(result_);
    }

private:
    void conclude(Verdict verdict, const base::Error& error) {
        result_.verdict = verdict;
        result_.message = base::without_marks(error.what());
        result_.hint = verdict == Verdict::damaged && found_
                           ? with_another_dump(error, *found_, request_.command_line).hint()
                           : error.hint();
    }

    void verify() {
        found_.emplace(find_named_dump(query_of(request_, reference_), context_));
        const store::DumpEntry& entry = found_->entry;
        result_.path = found_->directory.files().path_of(entry.name);
        result_.database = entry.database();
        result_.size = entry.size;
        result_.has_manifest = entry.manifest.has_value();
        result_.not_checked = not_checked(entry);

        if (!context_.identity && entry.manifest && entry.manifest->seal) {
            compare_hash(*entry.manifest);
            return;
        }
        const DumpFile file{*found_, context_};
        const CheckedDump dump = read(file);
        was_read_ = true;
        require_readable_manifest();
        if (request_.drill) {
            result_.drill = run_drill({.request = request_,
                                       .options = *request_.drill,
                                       .file = file,
                                       .dump = dump,
                                       .manifest = entry.manifest,
                                       .context = context_});
            require_no_difference(*result_.drill);
        }
        result_.verdict = Verdict::good;
    }

    /// All that can be said of a sealed dump without an identity.
    void compare_hash(const store::Manifest& manifest) {
        if (request_.drill) {
            throw base::Error{base::ErrorKind::failed, "it is sealed: a drill needs an identity",
                              "Name the file with the secret key with --identity or in "
                              "DBBACKUP_IDENTITY_FILE. Without it, verify compares the SHA-256."};
        }
        result_.weaker_check = "intact";
        result_.not_checked = "it is sealed: without an identity nothing of its content could be "
                              "read, only its SHA-256 compared with its manifest";
        const auto started = std::chrono::steady_clock::now();
        const sys::Fd file = found_->directory.files().open_file(found_->entry.name);
        sys::announce_use(file.get());
        const FileHash hash{file.get(), base::printable(result_.path)};
        const FileSum& sum = hash.finish_unless_interrupted();
        result_.read_time = elapsed_since(started);
        const auto differences =
            differences_of_file(manifest, {.sha256 = sum.sha256, .size = sum.size, .sql_bytes = 0});
        if (!differences.empty()) {
            throw DamagedDump{fmt::format("'{}' is damaged, or not the dump of its manifest: it {}",
                                          base::printable(result_.path), differences.front().text),
                              "Use another dump.",
                              {}};
        }
        was_read_ = true;
        result_.verdict = Verdict::good;
    }

    CheckedDump read(const DumpFile& file) {
        const auto& manifest = found_->entry.manifest;
        const auto started = std::chrono::steady_clock::now();
        CheckedDump dump =
            check_dump(file, manifest,
                       {.listener = context_.listener,
                        .estimated_bytes = manifest ? manifest->file.uncompressed_size : 0});
        result_.read_time = elapsed_since(started);
        result_.sql_size = dump.pass.sql_bytes;
        result_.tables = dump.contents.tables.size();
        result_.rows = dump.rows();
        return dump;
    }

    void require_no_difference(const DrillReport& drill) const {
        if (drill.differences.empty()) {
            return;
        }
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format("'{}' came back different: {}{}", base::printable(result_.path),
                        drill.differences.front(),
                        drill.differences.size() > 1
                            ? fmt::format(", and {} more differences", drill.differences.size() - 1)
                            : ""),
            "Do not rely on this dump. Take another and drill that."};
    }

    /// After reading, because a damaged dump is the worse problem.
    void require_readable_manifest() const {
        if (const auto kind = found_->entry.unread_manifest) {
            throw base::Error{*kind, found_->entry.problem,
                              "Without it, the expected content is unknown."};
        }
    }

    /// A dump that could not be verified has no result; but a completed read is recorded.
    void record() {
        const bool nothing_found = result_.verdict == Verdict::unverified && !was_read_;
        if (!result_.has_manifest || nothing_found) {
            return;
        }
        if (found_->entry.is_foreign()) {
            context_.listener.on_warning(
                fmt::format("the result is not recorded, because the dump belongs to {}",
                            found_->entry.foreign_owner));
            return;
        }
        try {
            if (!result_.weaker_check.empty() && result_.verdict == Verdict::good) {
                store::record_check(found_->directory, found_->entry.name, check());
            } else {
                store::record_verification(found_->directory, found_->entry.name, finding());
            }
            result_.recorded = true;
        } catch (const base::Interrupted&) {
            throw;
        } catch (const std::exception& error) {
            context_.listener.on_warning(
                fmt::format("the result could not be recorded: {}", error.what()));
        }
    }

    /// Names of tables must not stand in the clear part of a sealed dump's manifest.
    [[nodiscard]] std::string recordable(const std::string& words, const char* instead) const {
        const bool is_sealed = found_->entry.manifest && found_->entry.manifest->seal;
        return is_sealed && !words.empty() ? instead : words;
    }

    /// Proves less than a verification. A file that changed is damaged, however that was found.
    [[nodiscard]] store::Manifest::Check check() const {
        return {.level = "intact",
                .at = context_.clock.now(),
                .result = "ok",
                .tool_version = context_.tool_version};
    }

    [[nodiscard]] store::Manifest::Verification finding() const {
        const auto seconds = [](std::chrono::milliseconds time) {
            return std::chrono::duration<double>(time).count();
        };
        const bool damaged = result_.verdict == Verdict::damaged;
        store::Manifest::Verification finding{
            .level = "read",
            .at = context_.clock.now(),
            .result = damaged ? recordable(without_detail(result_.message),
                                           "it is damaged: verify it with an "
                                           "identity to see where")
                              : std::string{"ok"},
            .seconds = seconds(result_.read_time),
            .tool_version = context_.tool_version,
            .server_version = {},
            .read_seconds = std::nullopt,
            .compare_seconds = std::nullopt,
            .text_not_compared = {}};
        if (result_.drill) {
            finding.level = "restore";
            finding.seconds = seconds(result_.drill->restore_time);
            finding.server_version = result_.drill->server_version;
            finding.read_seconds = seconds(result_.read_time);
            finding.compare_seconds = seconds(result_.drill->compare_time);
            finding.text_not_compared = recordable(result_.drill->text_not_compared,
                                                   "see verify --restore with an identity");
        } else if (damaged && was_read_) {
            finding.level = "restore"; // the restore failed
        }
        return finding;
    }

    const VerifyRequest& request_;
    const std::string& reference_;
    const Context& context_;
    std::optional<store::FoundDump> found_;
    bool was_read_ = false; ///< and found sound
    VerifiedDump result_;
};

} // namespace

Verdict VerifyReport::verdict() const noexcept {
    Verdict worst = Verdict::good;
    for (const VerifiedDump& dump : dumps) {
        worst = std::min(worst, dump.verdict);
    }
    return worst;
}

VerifyReport verify(const VerifyRequest& request, const Context& context) {
    if (context.bin_dir) {
        // A directory without clients is a usage error, reported before anything is started.
        (void)pg::find_client_tools(context.bin_dir, path_variable(context.environment));
    }
    ChosenDumps chosen = choose_dumps(request, context);
    VerifyReport report;
    for (const std::string& reference : chosen.references) {
        context.listener.on_detail(fmt::format("verifying {}", base::printable(reference)));
        report.dumps.push_back(is_export(request, reference)
                                   ? verify_export(request, reference, context)
                                   : Verification{request, reference, context}.run());
    }
    std::ranges::move(chosen.lost, std::back_inserter(report.dumps));
    return report;
}

} // namespace dbbackup::ops
