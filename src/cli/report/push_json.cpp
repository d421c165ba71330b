#include "cli/report/push_json.hpp"

#include "cli/report/report_json.hpp"

#include <dbbackup/base/outside_text.hpp>

namespace dbbackup::cli {

Json copies_json(const std::vector<ops::CopyResult>& copies) {
    Json json = Json::array();
    for (const ops::CopyResult& copy : copies) {
        json.push_back({{"remote", text(copy.remote)},
                        {"dump", text(copy.dump)},
                        {"path", text_or_null(copy.path)},
                        {"state", ops::name_of(copy.state)},
                        {"size", copy.size},
                        {"checked_by", text_or_null(copy.checked_by)},
                        {"elapsed_ms", copy.elapsed.count()},
                        {"message", text_or_null(base::without_marks(copy.message))},
                        {"hint", text_or_null(copy.hint)}});
    }
    return json;
}

std::string to_json(const ops::PushReport& report) {
    Json json{{"copies", copies_json(report.copies)}};
    if (const auto error = report.find_error()) {
        json["error"] = error_json(*error);
    }
    return finish(json);
}

std::string to_json(const ops::PullReport& report) {
    return finish({{"path", text(report.path)},
                   {"origin", text(report.origin)},
                   {"was_there", report.was_there},
                   {"dump_id", report.manifest.dump_id}});
}

} // namespace dbbackup::cli
