#include "cli/report/prune_text.hpp"

#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/server_file.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

std::string why(const store::PruneDecision& decision) {
    std::string reasons;
    for (const store::KeepReason reason : decision.reasons) {
        std::string name{store::name_of(reason)};
        std::ranges::replace(name, '_', ' ');
        if (reason == store::KeepReason::foreign) {
            name += ": " + store::find_foreign(decision.dump).value_or("");
        } else if (reason == store::KeepReason::in_set) {
            name = "in set " + decision.kept_set;
        }
        reasons += (reasons.empty() ? "" : ", ") + name;
    }
    return reasons.empty() ? "no rule keeps it" : reasons;
}

std::string age(const store::DumpEntry& dump, base::UtcTime now) {
    const auto started = dump.started_at();
    return !started         ? "?"
           : *started > now ? "in the future"
                            : base::format_duration(now - *started);
}

/// The database with its server: rules treat databases of the same name on different servers
/// separately.
std::string database_of(const store::DumpEntry& dump) {
    if (!dump.manifest) {
        return dump.database().value_or("?");
    }
    const store::Identity identity = identity_of(*dump.manifest);
    if (store::is_of_globals(*dump.manifest)) {
        return fmt::format("roles of {}:{}", identity.host, identity.port);
    }
    return fmt::format("{} on {}:{}{}", identity.database, identity.host, identity.port,
                       scope_of(dump.manifest->dump) == store::Scope::part ? " (a part)" : "");
}

TextTable::Cell keep_or_remove(const store::PruneDecision& decision) {
    return decision.is_kept() ? TextTable::Cell{"keep"} : TextTable::Cell{"delete", Tone::caution};
}

} // namespace

std::string to_text(const ops::PruneReport& report, const Screen& screen) {
    const char* removed = report.dry_run ? "would delete" : "deleted";
    TextTable table{{{"NAME"},
                     {"DATABASE", Align::left, Fit::shorten, 2, 20},
                     {"AGE", Align::right, Fit::whole, 3},
                     {"SIZE", Align::right, Fit::whole, 1},
                     {report.dry_run ? "WOULD" : "DID"},
                     {"WHY", Align::left, Fit::shorten, 0, 20}}};
    for (const store::PruneDecision& decision : report.decisions) {
        const store::DumpEntry& dump = decision.dump;
        table.add({dump.name, database_of(dump), age(dump, report.now),
                   base::format_byte_size(dump.size), keep_or_remove(decision), why(decision)});
    }
    std::string text = report.decisions.empty() ? std::string{} : table.to_string(screen);
    for (const store::SetDecision& set : report.sets) {
        text += set.is_kept
                    ? fmt::format("kept set {}: {}\n", base::printable(set.entry.name), set.reason)
                    : fmt::format("{} set {}\n", removed, base::printable(set.entry.name));
    }
    for (const std::string& name : report.irregular) {
        text +=
            fmt::format("not touched: {}, which is not a regular file\n", base::printable(name));
    }
    for (const store::Leftover& leftover : report.leftovers) {
        text += fmt::format("{} {}, a leftover of a killed run\n", removed,
                            base::printable(leftover.name));
    }
    return text + summary(report);
}

namespace {

/// What holds dumps back, or was accepted.
std::string losses_text(const ops::PruneReport& report) {
    std::string text;
    for (const ops::Loss& loss : report.losses) {
        text += fmt::format(
            "held after loss: {}\n    hint: If this is right: {}\n",
            base::without_marks(loss.text()),
            report.command_line.another_for(loss.identity.database, {"prune", "--accept-loss"}));
    }
    for (const ops::Loss& loss : report.accepted) {
        text += fmt::format("{}: {}\n", report.dry_run ? "would accept" : "accepted",
                            base::without_marks(loss.text()));
    }
    return text;
}

} // namespace

std::string summary(const ops::PruneReport& report) {
    if (!report.has_rules) {
        return losses_text(report) + (report.accepted.empty() ? "no change to accept\n"
                                      : report.dry_run        ? ""
                                                       : "nothing deleted: no rule was given\n");
    }
    if (report.decisions.empty() && report.leftovers.empty()) {
        return fmt::format("no dumps{} in '{}'\n",
                           report.database
                               ? fmt::format(" of database '{}'", base::printable(*report.database))
                               : "",
                           base::printable(report.directory.native()));
    }
    return losses_text(report) + fmt::format("{} {} of {} dump{}, {}\n",
                                             report.dry_run ? "would delete" : "deleted",
                                             report.removed(), report.decisions.size(),
                                             report.decisions.size() == 1 ? "" : "s",
                                             base::format_byte_size(report.bytes_freed()));
}

} // namespace dbbackup::cli
