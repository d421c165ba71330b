#pragma once

#include <string>
#include <string_view>

namespace dbbackup::cli {

/// What to use here in the place of `word`, a command that other programs have: whole sentences,
/// or nothing.
[[nodiscard]] std::string advice_on_command(std::string_view word);

/// The same of an option (`--yes`, `-d`) of the command `command`; empty if there is none. `number`
/// is the one that was given with it, if any: the advice then has it.
[[nodiscard]] std::string advice_on_option(std::string_view command, std::string_view option,
                                           std::string_view number = {});

} // namespace dbbackup::cli
