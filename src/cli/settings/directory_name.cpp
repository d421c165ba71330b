#include "cli/settings/directory_name.hpp"

#include "cli/command_line/secret_words.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

bool holds_variable(const std::string& name) {
    for (std::size_t at = name.find('$'); at != std::string::npos; at = name.find('$', at + 1)) {
        const char next = at + 1 < name.size() ? name[at + 1] : '\0';
        if (next == '{' || next == '_' || (next >= 'A' && next <= 'Z') ||
            (next >= 'a' && next <= 'z')) {
            return true;
        }
    }
    return false;
}

std::string home_directory(const std::string& what) {
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home != '/') {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("{} begins with '~', and HOME names no directory", what),
                          "Write the whole path."};
    }
    return home;
}

} // namespace

std::filesystem::path directory_named(const std::string& name, const std::string& what) {
    std::error_code ignored;
    if (holds_variable(name) && !std::filesystem::exists(name, ignored)) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("{} '{}' contains a variable that was not expanded", what,
                                      base::printable(name)),
                          "Write the path itself. A shell expands variables outside of single "
                          "quotes, and so does .env."};
    }
    if (!name.starts_with('~')) {
        return name;
    }
    if (name == "~" || name.starts_with("~/")) {
        return home_directory(what) + name.substr(1);
    }
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("{} '{}' begins with '~', but only '~/' is expanded", what,
                                  base::printable(name)),
                      "Write the whole path, or begin with ./ if that is the directory's name."};
}

std::optional<std::filesystem::path>
safety_directory_named(const std::optional<std::string>& name) {
    if (!name) {
        return std::nullopt;
    }
    require_no_url(*name, "a directory");
    if (name->empty()) {
        throw base::Error{base::ErrorKind::usage, "--safety-dir names no directory",
                          "Name one, or leave it out."};
    }
    return directory_named(*name, "--safety-dir");
}

} // namespace dbbackup::cli
