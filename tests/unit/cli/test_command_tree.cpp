#include "cli/reference/describe_app.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace dbbackup::cli;

namespace {

const CommandDescription& command(const CommandDescription& program, std::string_view name) {
    return *std::ranges::find(program.commands, name, &CommandDescription::name);
}

const OptionDescription& option(const CommandDescription& command, std::string_view name) {
    return *std::ranges::find_if(command.options, [&](const OptionDescription& option) {
        return std::ranges::count(option.long_names, name) > 0;
    });
}

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("the description of the program") {
    const CommandDescription program = describe_program();
    CHECK(program.name == "dbbackup");
    CHECK(program.arguments.empty());
    CHECK(option(program, "--dir").kind == ValueKind::directory);
    CHECK(option(program, "--env-file").kind == ValueKind::file);
    CHECK(option(program, "--config").kind == ValueKind::file);
    CHECK(option(program, "--url").kind == ValueKind::text);
    CHECK(option(program, "--json").kind == ValueKind::none);
    CHECK(option(program, "--quiet").short_names == Words{"-q"});
    CHECK(option(program, "--help").value_name.empty());

    const CommandDescription& dump = command(program, "dump");
    CHECK(dump.aliases == Words{"backup"});
    CHECK(dump.text == "Take a dump of the database");
    CHECK(dump.after_dashes == AfterDashes::pg_dump_options);
    CHECK(std::ranges::none_of(dump.options, [](const OptionDescription& option) {
        return std::ranges::count(option.long_names, "--help") > 0;
    }));
    const OptionDescription& format = option(dump, "--format");
    CHECK(format.kind == ValueKind::choice);
    CHECK(format.value_name == "FORMAT");
    CHECK(format.choices == Words{"plain", "custom"});
    CHECK(format.default_value == "plain");
    CHECK_FALSE(format.repeatable);
    CHECK(option(dump, "--compress").choices == Words{"gzip", "zstd", "none"});
    CHECK(option(dump, "--compress").default_value.empty());
    CHECK(option(dump, "--table").repeatable);
    CHECK(option(dump, "--data-only").excludes == Words{"--schema-only"});
    CHECK(option(dump, "--schema-only").excludes == Words{"--data-only"});

    const CommandDescription& restore = command(program, "restore");
    CHECK(restore.after_dashes == AfterDashes::nothing);
    CHECK(option(restore, "--exact").needs == Words{"--clean"});
    CHECK(option(restore, "--jobs").kind == ValueKind::text);
    CHECK(option(restore, "--jobs").value_name == "N");
    REQUIRE(restore.arguments.size() == 1);
    CHECK(restore.arguments.front().kind == ValueKind::dump);
    CHECK(restore.arguments.front().value_name == "DUMP");
    CHECK_FALSE(restore.arguments.front().required);
    CHECK(command(program, "pin").arguments.front().required);
    CHECK(command(program, "verify").arguments.front().repeatable);
}

TEST_CASE("the description of sample commands") {
    CLI::App root{"A root.", "root"};
    CLI::App* app = root.add_subcommand("guard", "Runs");
    std::string value;
    app->add_option("--hidden", value, "Not for all")->group("");
    app->add_option("-k", value, "Short alone")->type_name("KEY")->required();
    const CommandDescription program =
        describe_app(root, {{.app = app, .run = {}, .after_dashes = AfterDashes::command}});
    REQUIRE(program.commands.size() == 1);
    CHECK(program.commands.front().after_dashes == AfterDashes::command);
    REQUIRE(program.commands.front().options.size() == 1);
    CHECK(program.commands.front().options.front().short_names == Words{"-k"});
    CHECK(program.commands.front().options.front().required);
}

// Both are in the page and the completions as they are.
TEST_CASE("every command and option has a help text") {
    const CommandDescription program = describe_program();
    Words texts;
    for (const CommandDescription& command : program.commands) {
        texts.push_back(command.text);
        for (const auto* options : {&command.options, &command.arguments, &program.options}) {
            for (const OptionDescription& option : *options) {
                texts.push_back(option.text);
            }
        }
    }
    for (const std::string& text : texts) {
        INFO(text);
        CHECK_FALSE(text.empty());
        CHECK_FALSE(text.ends_with("."));
        CHECK(text.find('\n') == std::string::npos);
    }
}
