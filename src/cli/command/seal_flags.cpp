#include "cli/command/seal_flags.hpp"

#include "cli/settings/directory_name.hpp"

#include <string>

namespace dbbackup::cli {

namespace {

constexpr const char* k_flag = "--identity";
constexpr const char* k_variable = "DBBACKUP_IDENTITY_FILE";

} // namespace

void add_identity_flag(CLI::App& app) {
    app.add_option(k_flag, "File with the secret key that opens sealed dumps (or "
                           "DBBACKUP_IDENTITY_FILE)")
        ->type_name("FILE")
        ->configurable(false);
}

std::shared_ptr<const ops::IdentityFile> identity_of(const CLI::App& app,
                                                     const Settings& settings) {
    const CLI::Option* flag = app.get_option_no_throw(k_flag);
    if (flag == nullptr) {
        return nullptr;
    }
    const auto name = flag->count() > 0 ? std::optional{flag->as<std::string>()}
                                        : settings.find_variable(k_variable);
    return name ? std::make_shared<const ops::IdentityFile>(
                      directory_named(*name, "the identity file"))
                : nullptr;
}

} // namespace dbbackup::cli
