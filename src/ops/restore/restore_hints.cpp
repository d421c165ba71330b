#include "ops/restore/restore_hints.hpp"

#include "ops/restore/proposal.hpp"

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/sqlstates.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::ops {

namespace {

constexpr std::string_view k_foreign_key_violation = "23503";

struct KnownState {
    std::string_view sqlstate; ///< full, or its class
    std::string_view text;     ///< that the message must contain, or empty
    std::string_view hint;
    std::string_view purpose = {}; ///< of `flags`, shown before the command with them
    std::string_view flags = {};   ///< flags that help, separated by spaces
};

// The first match counts. SQLSTATEs: PostgreSQL's manual, appendix A.
constexpr auto k_known = std::to_array<KnownState>({
    {"42501", "must be owner of extension", "Only an extension's owner may comment on it.",
     "To leave that out", "--no-owner"},
    // 42501, or 0A000 for a dump that was made with --enable-row-security.
    {"", "row-level security",
     "Row-level security hides rows of that table from the role in the URL (from its owner too, if "
     "it says FORCE). Restore as a superuser, or as a role that has BYPASSRLS: ALTER ROLE name "
     "BYPASSRLS."},
    {"42501", "create database", "The role in the URL needs CREATEDB for that."},
    {"42501", "",
     "The role in the URL has no permission for that. Restore as the owner or a superuser.",
     "To leave out what needs more rights", "--no-owner --no-privileges"},
    {"42704", "role \"", "Create that role first (CREATE ROLE …).",
     "To leave owners and privileges out", "--no-owner --no-privileges"},
    {"0A000", "extension", "Install the extension's package on the server's machine."},
    {"58P01", "extension", "Install the extension's package on the server's machine."},
    {"42710", "", "It already exists.", "To drop the objects in the dump first", "--clean"},
    {"42P07", "", "It already exists.", "To drop the objects in the dump first", "--clean"},
    {"42P06", "", "It already exists.", "To drop the objects in the dump first", "--clean"},
    {"2BP01", "", "An object outside the dump depends on it. Drop that object first."},
    {"53100", "", "The server's disk is full: free some space there."},
    {"53200", "max_locks_per_transaction",
     "Raise max_locks_per_transaction on the server; a restore holds a lock for each table and "
     "index."},
    {"53", "", "The server lacks a resource; see its log."},
    {"57P0", "", "The server ended the session; see its log."},
    {"57014", "", "The server cancelled it; see its log."},
    {"0A000", "recovery", "The server is a standby; restore into its primary."},
    {"25006", "", "The server, or the role in the URL, is read-only. Is it a standby?"},
    {"40P01", "", "Two sessions waited for each other. Try again.", "To end the others",
     "--disconnect-others"},
    {"", "", "See the server's log."},
});

/// Undefined objects, which the rest of the database would contain.
bool lacks_something(const pg::ServerError& error) {
    constexpr auto k_states =
        std::to_array<std::string_view>({"3F000", "42P01", "42703", "42704", "42883"});
    return std::ranges::count(k_states, error.sqlstate()) > 0 &&
           error.server_message().find("role \"") == std::string::npos;
}

std::vector<std::string> words_of(std::string_view flags) {
    std::vector<std::string> words;
    while (!flags.empty()) {
        const std::size_t space = std::min(flags.find(' '), flags.size());
        words.emplace_back(flags.substr(0, space));
        flags.remove_prefix(std::min(space + 1, flags.size()));
    }
    return words;
}

/// Flags that the request does not have yet: what did not help is not suggested again.
std::vector<std::string> new_words_of(std::string_view flags, const RestoreRequest& request) {
    std::vector<std::string> words = words_of(flags);
    std::erase_if(words, [&request](const std::string& flag) {
        return (flag == "--no-owner" && request.owners == pg::Treatment::leave_out) ||
               (flag == "--no-privileges" && request.privileges == pg::Treatment::leave_out) ||
               (flag == "--clean" && request.clean != Clean::nothing) ||
               (flag == "--disconnect-others" && request.others == OtherSessions::disconnect);
    });
    return words;
}

/// In SQL, or a placeholder for it.
std::string role_of(const pg::Connection& connection) {
    const std::string* user = connection.find("user");
    std::string quoted;
    for (const char c : user == nullptr ? std::string{} : *user) {
        quoted += c == '"' ? "\"\"" : std::string{c};
    }
    return user == nullptr ? "ROLE" : "\"" + quoted + "\"";
}

/// What a superuser, or the owner, must grant; empty for another error.
std::string hint_for_public(const pg::ServerError& error, const RestoreRequest& request) {
    const std::string& said = error.server_message();
    if (error.sqlstate() != "42501") {
        return {};
    }
    if (said.find("permission denied for schema public") != std::string::npos) {
        return fmt::format("As a superuser or the owner of the schema, run in that database: "
                           "GRANT CREATE ON SCHEMA public TO {};",
                           base::printable(role_of(request.connection)));
    }
    if (said.find("must be owner of schema public") != std::string::npos) {
        return "Only the owner of the schema can set that. Restore as that role or a superuser.";
    }
    return {};
}

std::string hint_for(const pg::ServerError& error, const RestoreRequest& request,
                     const RefusalCircumstances& circumstances) {
    if (circumstances.is_part && lacks_something(error)) {
        return "Your choice needs an object that the target lacks. Restore it too with -t or -n, "
               "or create it first.";
    }
    if (circumstances.is_part && error.sqlstate() == k_foreign_key_violation) {
        return "Your choice refers to rows of another table, which the target lacks. Restore that "
               "table too with -t, or restore the whole dump.";
    }
    if (std::string hint = hint_for_public(error, request); !hint.empty()) {
        return hint;
    }
    for (const KnownState& known : k_known) {
        if (error.sqlstate().starts_with(known.sqlstate) &&
            error.server_message().find(known.text) != std::string::npos) {
            const auto words = new_words_of(known.flags, request);
            return words.empty() ? std::string{known.hint}
                                 : fmt::format("{} {}: {}", known.hint, known.purpose,
                                               propose(request, words));
        }
    }
    return {};
}

} // namespace

RefusedByServer explain(const pg::ServerError& error, const RestoreRequest& request,
                        const RefusalCircumstances& circumstances) {
    if (error.sqlstate() == pg::k_lock_not_available) {
        return {error.sqlstate(),
                fmt::format("gave up after waiting {} for a lock{}{}",
                            base::format_duration(circumstances.lock_timeout),
                            circumstances.blockers.empty() ? "" : ": ", circumstances.blockers),
                "Nothing was changed. Wait until they end, allow more time with --lock-timeout, or "
                "end them: " +
                    propose(request, {"--disconnect-others"})};
    }
    return {error.sqlstate(), error.what(),
            fmt::format("Nothing was changed. {}", hint_for(error, request, circumstances))};
}

} // namespace dbbackup::ops
