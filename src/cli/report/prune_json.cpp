#include "cli/report/prune_json.hpp"

#include "cli/report/json_values.hpp"
#include "cli/report/report_json.hpp"

#include <dbbackup/base/outside_text.hpp>

namespace dbbackup::cli {

namespace {

Json decision_json(const store::PruneDecision& decision) {
    const store::DumpEntry& dump = decision.dump;
    Json reasons = Json::array();
    for (const store::KeepReason reason : decision.reasons) {
        reasons.push_back(store::name_of(reason));
    }
    const auto& manifest = dump.manifest;
    return {{"name", text(dump.name)},
            {"database", text_or_null(dump.database())},
            {"host", manifest ? Json(text(manifest->database.host)) : Json(nullptr)},
            {"port", manifest ? Json(manifest->database.port) : Json(nullptr)},
            {"started_at", time_or_null(dump.started_at())},
            {"size", dump.size},
            {"action", decision.is_kept() ? "keep" : "remove"},
            {"reasons", std::move(reasons)},
            {"set", text_or_null(decision.kept_set)}};
}

Json set_json(const store::SetDecision& set) {
    return {{"name", text(set.entry.name)},
            {"action", set.is_kept ? "keep" : "remove"},
            {"reason", text_or_null(set.reason)}};
}

Json losses_json(const std::vector<ops::Loss>& losses) {
    Json json = Json::array();
    for (const ops::Loss& loss : losses) {
        json.push_back(loss_json(loss));
    }
    return json;
}

} // namespace

Json loss_json(const ops::Loss& loss) {
    Json changes = Json::array();
    for (const std::string& change : loss.changes) {
        changes.push_back(text(base::without_marks(change)));
    }
    return {{"database", text(loss.identity.database)},
            {"host", text(loss.identity.host)},
            {"port", loss.identity.port},
            {"since", text(loss.dump)},
            {"before", text_or_null(loss.before)},
            {"changes", std::move(changes)}};
}

Json prune_json(const ops::PruneReport& report) {
    Json dumps = Json::array();
    for (const store::PruneDecision& decision : report.decisions) {
        dumps.push_back(decision_json(decision));
    }
    Json sets = Json::array();
    for (const store::SetDecision& set : report.sets) {
        sets.push_back(set_json(set));
    }
    Json leftovers = Json::array();
    for (const store::Leftover& leftover : report.leftovers) {
        leftovers.push_back(text(leftover.name));
    }
    return {{"directory", text(report.directory.native())},
            {"dry_run", report.dry_run},
            {"dumps", std::move(dumps)},
            {"sets", std::move(sets)},
            {"held_after_loss", losses_json(report.losses)},
            {"accepted_losses", losses_json(report.accepted)},
            {"removed", report.removed()},
            {"leftovers", std::move(leftovers)},
            {"irregular", texts(report.irregular)},
            {"bytes_freed", report.bytes_freed()}};
}

std::string to_json(const ops::PruneReport& report) {
    return finish(prune_json(report));
}

std::string to_json(const ops::PinReport& report) {
    return finish({{"path", text(report.path)},
                   {"pinned", report.pinned},
                   {"changed", report.change == store::Change::made}});
}

} // namespace dbbackup::cli
