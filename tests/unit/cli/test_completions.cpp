#include "support/catch.hpp"

#include <dbbackup/cli/reference.hpp>

using namespace dbbackup::cli;

namespace {

CommandDescription awkward_program() {
    OptionDescription option;
    option.long_names = {"--it"};
    option.kind = ValueKind::choice;
    option.value_name = "A:B";
    option.choices = {"one", "two"};
    option.text = R"(It's [a] \ "b": c)";
    CommandDescription command;
    command.name = "say";
    command.text = "Don't: x";
    command.options = {option};
    CommandDescription program;
    program.name = "dbbackup";
    program.commands = {command};
    return program;
}

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("shells' special characters are escaped in completions") {
    const CommandDescription program = awkward_program();
    const std::string bash = to_bash_completion(program, "# @TABLES@\n");
    CHECK(contains(bash, "say:--it) kind='choice one two' ;;"));
    const std::string zsh = to_zsh_completion(program, "# @TABLES@\n");
    CHECK(contains(zsh, R"('(--it)--it=[It'\''s \[a\] \\ "b": c]:A\:B:(one two)')"));
    CHECK(contains(zsh, R"('say:Don'\''t\: x')"));
    const std::string fish = to_fish_completion(program, "# @TABLES@\n");
    CHECK(contains(fish, R"(-l it -x -a 'one two' -d 'It\'s [a] \\ "b": c')"));
    CHECK(contains(fish, R"(-a say -d 'Don\'t: x')"));
}
