#pragma once

#include <dbbackup/pg/dump_replayer.hpp>

#include <CLI/CLI.hpp>

namespace dbbackup::cli {

/// Whether owners and grants are restored, for `restore` and `verify --restore`.
struct OwnershipFlags {
    bool no_owner = false;
    bool no_privileges = false;

    void add_to(CLI::App& app, const char* no_owner_text, const char* no_privileges_text) {
        app.add_flag("-O,--no-owner", no_owner, no_owner_text);
        app.add_flag("-x,--no-privileges", no_privileges, no_privileges_text);
    }

    [[nodiscard]] pg::Treatment owners() const noexcept { return treatment(no_owner); }

    [[nodiscard]] pg::Treatment privileges() const noexcept { return treatment(no_privileges); }

private:
    static pg::Treatment treatment(bool left_out) noexcept {
        return left_out ? pg::Treatment::leave_out : pg::Treatment::run;
    }
};

} // namespace dbbackup::cli
