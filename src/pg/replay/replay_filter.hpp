#pragma once

#include "pg/inventory/table_selection.hpp"
#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dump_replayer.hpp>
#include <dbbackup/pg/session.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// Decides which statements of a dump DumpReplayer runs.
class ReplayFilter {
public:
    ReplayFilter(Session& session, ReplayOptions options);

    /// `statement` in the order of the dump. Throws base::Error{damaged} if it would be run but
    /// must not: the dump has changed since it was checked.
    [[nodiscard]] bool leaves_out(const ScriptStatement& statement);
    /// A statement to be run after all others.
    [[nodiscard]] bool comes_last(const ScriptStatement& statement) const;

    /// A comment of the dump's own.
    void take_comment(std::string_view text);

    /// What was left out although it would have had an effect, for people: "owners (23
    /// statements)".
    [[nodiscard]] std::vector<std::string> left_out() const;

private:
    bool is_ours_to_do(const Statement& statement);
    bool creates_present_schema(const Statement& statement);
    bool is_too_new_statistics(const Statement& statement);
    bool is_about_others_object(const ScriptStatement& statement);
    bool changes_nothing(const ScriptStatement& statement);
    bool is_unwanted(const ScriptStatement& statement);
    void require_no_outside_file(const ScriptStatement& statement) const;
    bool knows(const std::string& parameter);

    Session& session_;
    ReplayOptions options_;
    TableSelection selection_;
    std::map<std::string, bool> known_parameters_;
    std::map<std::string, bool> known_functions_; ///< of pg_catalog
    std::map<std::string, unsigned> left_out_;    ///< how many statements of each kind
    std::set<std::string> not_known_; ///< what the server does not know, with the reason
    bool in_prelude_ = true;          ///< the dump has not created anything yet
};

} // namespace dbbackup::pg
