#include "cli/settings/instance_settings.hpp"

#include "cli/settings/env_file.hpp"
#include "cli/settings/settings_names.hpp"

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/schedule.hpp>
#include <dbbackup/sys/user.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

/// The service reads the file with an environment of its own, which has none of ours.
EnvFile parse(const std::string& text, const std::string& instance) {
    const ops::SystemPlaces places;
    return {text, (places.settings / (instance + ".env")).native(),
            [](const std::string&) { return std::optional<std::string>{}; }};
}

} // namespace

std::optional<std::string> directory_of_instance(const std::string& instance) {
    if (!sys::is_root()) {
        return std::nullopt;
    }
    try {
        return parse(ops::read_instance_settings(instance, {}), instance).find("DBBACKUP_DIR");
    } catch (const base::Error&) {
        return std::nullopt; // the service will say what is wrong with it
    }
}

void require_database(const std::string& text, const std::string& instance) {
    const std::string file = (ops::SystemPlaces{}.settings / (instance + ".env")).native();
    if (parse(text, instance).find(k_url_variable).value_or("").empty()) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("'{}' sets no {}, so every run would fail", file, k_url_variable),
            fmt::format("Add a line {}=postgres://USER:PASSWORD@HOST/DATABASE: sudo "
                        "${{EDITOR:-vi}} {}. Nothing was changed.",
                        k_url_variable, base::shell_words({file}))};
    }
}

} // namespace dbbackup::cli
