#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/cli/reference.hpp>

using namespace dbbackup::cli;

namespace {

CommandDescription program_with(const OptionDescription& option) {
    CommandDescription command;
    command.name = "try-it";
    command.aliases = {"test"};
    command.text = "Tries";
    command.options = {option};
    CommandDescription program;
    program.name = "dbbackup";
    program.commands = {command};
    return program;
}

OptionDescription option_saying(const std::string& text) {
    OptionDescription option;
    option.short_names = {"-d"};
    option.long_names = {"--dry-run"};
    option.text = text;
    return option;
}

constexpr const char* k_page = "@VERSION@\n@SYNOPSIS@\n@COMMANDS@\n@OPTIONS@\nend\n";

std::string page_of(const CommandDescription& program) {
    return to_manual_page(program, k_page, "1-2");
}

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a manual page from a command line") {
    CommandDescription program = program_with(option_saying("Says what would happen"));
    OptionDescription& option = program.commands.front().options.front();
    option.kind = ValueKind::text;
    option.value_name = "N";
    option.default_value = "3-4";
    option.needs = {"--a"};
    option.excludes = {"--b", "--c"};
    OptionDescription argument;
    argument.kind = ValueKind::dump;
    argument.value_name = "DUMP";
    argument.text = "Which";
    argument.repeatable = true;
    program.commands.front().arguments = {argument};
    program.options = {option_saying("Of all")};
    CHECK(page_of(program) == R"(1\-2
.SY "dbbackup try\-it"
[\fIOPTIONS\fR] [\fIDUMP\fR...]
.YS
.SS "try\-it, test"
Tries.
.TP
[\fIDUMP\fR...]
Which.
.TP
\fB\-d\fR, \fB\-\-dry\-run\fR \fIN\fR
Says what would happen.
Default: \fB3\-4\fR.
Only with \fB\-\-a\fR.
Not with \fB\-\-b\fR, \fB\-\-c\fR.
.TP
\fB\-d\fR, \fB\-\-dry\-run\fR
Of all.
end
)");
}

TEST_CASE("words after -- in a synopsis") {
    CommandDescription program = program_with(option_saying("x"));
    program.commands.front().after_dashes = AfterDashes::pg_dump_options;
    CHECK(contains(page_of(program), R"( [\fB\-\-\fR \fIOPTIONS OF PG_DUMP\fR])"));
    program.commands.front().after_dashes = AfterDashes::command;
    CHECK(contains(page_of(program), R"( \fB\-\-\fR \fICOMMAND\fR [\fIARGUMENT\fR...])"));
}

TEST_CASE("roff's special characters are escaped in a manual page") {
    const auto shows = [](const std::string& text, const std::string& escaped) {
        CHECK(contains(page_of(program_with(option_saying(text))), "\n" + escaped + ".\n"));
    };
    shows(".env is read", "\\&.env is read");
    shows("'quoted'", "\\(aqquoted\\(aq");
    shows(R"(a\fBb)", R"(a\(rsfBb)");
    shows("--clean, a-b", R"(\-\-clean, a\-b)");
    shows("\"x\" `y` ^ ~", "\\(dqx\\(dq \\(gay\\(ga \\(ha \\(ti");
    shows("two\n.SH lines", "two .SH lines");
}

TEST_CASE("a page or script without its placeholders is refused") {
    const CommandDescription program = program_with(option_saying("x"));
    CHECK_THROWS_AS(to_manual_page(program, "@VERSION@\n@SYNOPSIS@\n@COMMANDS@\n", "1"),
                    dbbackup::base::Error);
    CHECK_THROWS_AS(to_bash_completion(program, "x\n"), dbbackup::base::Error);
    CHECK_THROWS_AS(to_zsh_completion(program, "x\n"), dbbackup::base::Error);
    CHECK_THROWS_AS(to_fish_completion(program, "x\n"), dbbackup::base::Error);
}
