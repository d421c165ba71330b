#include "cli/settings/hook_settings.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

[[noreturn]] void refuse(const std::string& why) {
    throw base::Error{
        base::ErrorKind::usage, "the configuration's [hooks]: " + why,
        "For example: on-failure = [\"/usr/local/bin/tell-us\", \"--loud\"]. The keys "
        "are on-start, on-success, on-failure and on-finish."};
}

} // namespace

bool HookSettings::take(const CLI::ConfigItem& item) {
    if (item.parents.empty() || item.parents.front() != "hooks") {
        return false;
    }
    std::vector<std::string>* hook = item.name == "on-start"     ? &on_start
                                     : item.name == "on-success" ? &on_success
                                     : item.name == "on-failure" ? &on_failure
                                     : item.name == "on-finish"  ? &on_finish
                                                                 : nullptr;
    if (hook == nullptr || item.parents.size() != 1) {
        refuse(fmt::format("unknown key '{}'", base::printable(item.name)));
    }
    if (item.inputs.front().empty()) {
        refuse(item.name + " names no program");
    }
    *hook = item.inputs;
    return true;
}

} // namespace dbbackup::cli
