#include "packaging/completions.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

bool contains(const Words& words, const std::string& word) {
    return std::ranges::count(words, word) > 0;
}

/// Those of `program` and of `command`, sorted.
Words option_names(const cli::CommandDescription& program, const cli::CommandDescription& command) {
    Words names;
    for (const auto* options : {&program.options, &command.options}) {
        for (const cli::OptionDescription& option : *options) {
            names.insert(names.end(), option.short_names.begin(), option.short_names.end());
            names.insert(names.end(), option.long_names.begin(), option.long_names.end());
        }
    }
    std::ranges::sort(names);
    // A command may have an option of the program too; a shell offers it once.
    names.erase(std::ranges::unique(names).begin(), names.end());
    return names;
}

Words without_short(Words names) {
    std::erase_if(names, [](const std::string& name) { return !name.starts_with("--"); });
    return names;
}

const Words k_dumps = {"a b$(touch x).sql", "latest", "shop_1.sql.gz", "shop_2.dump"};

} // namespace

TEST_CASE("bash completes every command and option") {
    const CompletionScene scene;
    const cli::CommandDescription program = program_with_a_runner();
    Words commands;
    for (const cli::CommandDescription& command : program.commands) {
        commands.push_back(command.name);
        commands.insert(commands.end(), command.aliases.begin(), command.aliases.end());
        INFO(command.name);
        CHECK(scene.bash({"dbbackup", command.name, "-"}) == option_names(program, command));
        for (const std::string& alias : command.aliases) {
            CHECK(scene.bash({"dbbackup", alias, "-"}) == option_names(program, command));
        }
    }
    std::ranges::sort(commands);
    CHECK(scene.bash({"dbbackup", ""}) == commands);
    CHECK(scene.bash({"dbbackup", "du"}) == Words{"dump"});
    CHECK(scene.bash({"dbbackup", "--dir", "list", "du"}) == Words{"dump"});
    CHECK(scene.bash({"dbbackup", "-q", "--json", "du"}) == Words{"dump"});
    CHECK(scene.bash({"dbbackup", "--u"}) == Words{"--url"});
}

TEST_CASE("bash completes values") {
    const CompletionScene scene;
    CHECK(scene.bash({"dbbackup", "dump", "-F", ""}) == Words{"custom", "plain"});
    CHECK(scene.bash({"dbbackup", "backup", "--format", "=", "c"}) == Words{"custom"});
    CHECK(scene.bash({"dbbackup", "dump", "--format", "="}) == Words{"custom", "plain"});
    CHECK(scene.bash({"dbbackup", "dump", "-Z", ""}) == Words{"gzip", "none", "zstd"});
    CHECK(scene.bash({"dbbackup", "--config", "set"}) == Words{"settings.toml"});
    CHECK(scene.bash({"dbbackup", "--config", "k", ":", "b"}) == Words{"b.toml"});
    CHECK(scene.bash({"dbbackup", "--config", "=", "k", ":"}) == Words{"b.toml"});
    CHECK(scene.bash({"dbbackup", "--bin-dir", "o"}) == Words{"other dumps"});
    CHECK(scene.bash({"dbbackup", "dump", "--label", ""}).empty());
    CHECK(scene.bash({"dbbackup", "dump", ""}).empty());
    CHECK(scene.bash({"dbbackup", "dump", "--", "-"}).empty());
    CHECK(contains(scene.bash({"dbbackup", "run_it", "--", "bas"}), "bash"));
    CHECK(scene.bash({"dbbackup", "run_it", "-q", "--", "bash", "set"}) == Words{"settings.toml"});
}

TEST_CASE("bash completes the names of dumps") {
    const CompletionScene scene;
    CHECK(scene.bash({"dbbackup", "restore", ""}) == k_dumps);
    CHECK(scene.bash({"dbbackup", "verify", "latest", "sh"}) ==
          Words{"shop_1.sql.gz", "shop_2.dump"});
    CHECK(scene.bash({"dbbackup", "show", "a\\ b"}) == Words{"a b$(touch x).sql"});
    CHECK(scene.bash({"dbbackup", "show", "'a b$("}) == Words{"a b$(touch x).sql"});
    CHECK(scene.bash({"dbbackup", "show", "dumps/shop_1.sql.gz.j"}) ==
          Words{"dumps/shop_1.sql.gz.json"});
    const Words others = {"blog_1.sql.zst", "latest"};
    CHECK(scene.bash({"dbbackup", "--dir", "other\\ dumps", "pin", ""}) == others);
    CHECK(scene.bash({"dbbackup", "pin", "--dir", "=", "'other dumps'", ""}) == others);
    CHECK(scene.bash({"dbbackup", "pin", "--dir", "~/other\\ dumps", ""}) == others);
    CHECK(scene.bash({"dbbackup", "pin", ""}, "DBBACKUP_DIR='other dumps'") == others);
    CHECK(scene.bash({"dbbackup", "pin", "--dir", "$(touch x)", ""}) == Words{"latest"});
    CHECK(scene.bash({"dbbackup", "pin", "`touch x`/"}).empty());
    CHECK_FALSE(std::filesystem::exists(scene.directory() / "x"));
}

TEST_CASE("zsh completes every command and option") {
    if (!is_installed("zsh")) {
        return;
    }
    const CompletionScene scene;
    const cli::CommandDescription program = program_with_a_runner();
    const Words commands = scene.zsh("dbbackup ");
    for (const cli::CommandDescription& command : program.commands) {
        INFO(command.name);
        CHECK(contains(commands, command.name));
        CHECK(without_short(scene.zsh("dbbackup " + command.name + " --")) ==
              without_short(option_names(program, command)));
    }
    CHECK(contains(commands, "backup"));
    CHECK(contains(scene.zsh("dbbackup dump -"), "-F"));
    CHECK(scene.zsh("dbbackup backup --lab") == Words{"--label"});
    CHECK(scene.zsh("dbbackup --dir list du") == Words{"dump"});
    CHECK(scene.zsh("dbbackup --dir list dump -F ") == Words{"custom", "plain"});
}

TEST_CASE("zsh completes values and the names of dumps") {
    if (!is_installed("zsh")) {
        return;
    }
    const CompletionScene scene;
    CHECK(scene.zsh("dbbackup dump -F ") == Words{"custom", "plain"});
    CHECK(scene.zsh("dbbackup dump --compress=z") == Words{"zstd"});
    CHECK(scene.zsh("dbbackup --config set") == Words{"settings.toml"});
    CHECK(scene.zsh("dbbackup dump --label ").empty());
    CHECK(scene.zsh("dbbackup dump -- -").empty());
    CHECK(contains(scene.zsh("dbbackup run_it -- print"), "printf"));
    CHECK(scene.zsh("dbbackup run_it -- dbbackup dump -F ") == Words{"custom", "plain"});
    CHECK(scene.zsh("dbbackup restore sho") == Words{"shop_1.sql.gz", "shop_2.dump"});
    CHECK(contains(scene.zsh("dbbackup restore l"), "latest"));
    CHECK(scene.zsh("dbbackup show a") == Words{"a b$(touch x).sql"});
    CHECK(scene.zsh("dbbackup pin --dir 'other dumps' bl") == Words{"blog_1.sql.zst"});
    CHECK(scene.zsh("dbbackup --dir=other\\ dumps pin bl") == Words{"blog_1.sql.zst"});
    CHECK_FALSE(contains(scene.zsh("dbbackup pin --dir '$(touch x)' "), "blog_1.sql.zst"));
    CHECK_FALSE(std::filesystem::exists(scene.directory() / "x"));
}

TEST_CASE("fish completes every command and option") {
    if (!is_installed("fish")) {
        return;
    }
    const CompletionScene scene;
    const cli::CommandDescription program = program_with_a_runner();
    const Words commands = scene.fish("dbbackup ");
    for (const cli::CommandDescription& command : program.commands) {
        INFO(command.name);
        CHECK(contains(commands, command.name));
        CHECK(without_short(scene.fish("dbbackup " + command.name + " --")) ==
              without_short(option_names(program, command)));
    }
    CHECK(scene.fish("dbbackup du") == Words{"dump"});
    CHECK(scene.fish("dbbackup bac") == Words{"backup"});
    // fish 4 also offers words that only contain these letters in this order; here there are none.
    CHECK(scene.fish("dbbackup backup --compr") == Words{"--compress"});
    CHECK(scene.fish("dbbackup --dir list du") == Words{"dump"});
    CHECK(contains(scene.fish("dbbackup dump -"), "-F"));
}

TEST_CASE("fish completes values and the names of dumps") {
    if (!is_installed("fish")) {
        return;
    }
    const CompletionScene scene;
    CHECK(scene.fish("dbbackup dump -F ") == Words{"custom", "plain"});
    CHECK(scene.fish("dbbackup dump --compress=z") == Words{"--compress=zstd"});
    CHECK(scene.fish("dbbackup --config set") == Words{"settings.toml"});
    CHECK(scene.fish("dbbackup dump ").empty());
    CHECK(scene.fish("dbbackup dump -- --la").empty());
    CHECK(scene.fish("dbbackup show -- ").empty());
    CHECK(contains(scene.fish("dbbackup run_it -- printen"), "printenv"));
    CHECK(scene.fish("dbbackup run_it -- dbbackup dump -F ") == Words{"custom", "plain"});
    CHECK(scene.fish("dbbackup restore ") == k_dumps);
    CHECK(scene.fish("dbbackup verify latest sho") == Words{"shop_1.sql.gz", "shop_2.dump"});
    CHECK(scene.fish("dbbackup pin --dir 'other dumps' bl") == Words{"blog_1.sql.zst"});
    CHECK(scene.fish("dbbackup --dir=other\\ dumps pin bl") == Words{"blog_1.sql.zst"});
    CHECK(scene.fish("dbbackup show dumps/shop_2") == Words{"dumps/shop_2.dump"});
    CHECK(scene.fish("dbbackup pin --dir '(touch x)' ") == Words{"latest"});
    CHECK_FALSE(std::filesystem::exists(scene.directory() / "x"));
}
