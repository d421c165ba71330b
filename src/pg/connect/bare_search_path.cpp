#include "pg/connect/bare_search_path.hpp"

#include <dbbackup/base/error.hpp>

namespace dbbackup::pg {

namespace {

const std::string k_set = "select pg_catalog.set_config('search_path', $1, false)";

} // namespace

BareSearchPath::BareSearchPath(Session& session)
    : session_(session),
      before_(session.query("select pg_catalog.current_setting('search_path')").at(0).at(0)) {
    (void)session_.query(k_set, {""});
}

BareSearchPath::~BareSearchPath() {
    try {
        (void)session_.query(k_set, {before_});
    } catch (const base::Error&) {
        // A failed transaction reverts the setting.
    } catch (const base::Interrupted&) {
        // The run ends; this session is not used again.
    }
}

} // namespace dbbackup::pg
