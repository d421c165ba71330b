// `dbbackup restore` on a terminal: the loss, the question, the countdown.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/terminal.hpp"
#include "support/scene/shop_restore.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace dbbackup::test;
using namespace std::chrono_literals;

namespace {

constexpr int k_interrupted = 130;
constexpr int k_refused = 5;
constexpr const char* k_question = "to go on: ";

using Words = std::vector<std::string>;

/// A scene with a dump and a user at the terminal.
struct TerminalScene : ShopRestore {
    std::filesystem::path taken = dump();

    TerminalScene() { remember(); }

    [[nodiscard]] TerminalProgram start(Words arguments = {"--no-safety-dump"}) const {
        arguments.insert(arguments.begin(), {dbbackup_path(), "restore", taken.string(), "--clean",
                                             "--dir", dumps().string()});
        return TerminalProgram{arguments, options(), 200};
    }
};

bool shows(const TerminalProgram& program, const std::string& text) {
    return program.output().find(text) != std::string::npos;
}

/// The line of the loss table that begins with `table`, its columns one space apart.
std::string row_of(const TerminalProgram& program, const std::string& table) {
    for (const std::string& line : screen_of(program.output(), 200)) {
        if (line.starts_with(table)) {
            std::string squeezed;
            for (const char c : line) {
                squeezed += c == ' ' && squeezed.ends_with(' ') ? "" : std::string{c};
            }
            return squeezed;
        }
    }
    return {};
}

} // namespace

TEST_CASE("restore shows exact counts of the loss, asks for the name, and counts down from three",
          "[slow]") {
    const TerminalScene scene;
    TerminalProgram program = scene.start();
    REQUIRE(program.wait_for(k_question));
    CHECK(row_of(program, "shop.customers") == "shop.customers 30 100 differ");
    CHECK(row_of(program, "shop.legacy") == "shop.legacy 70 vanishes");
    CHECK(row_of(program, "shop.orders") == "shop.orders - 400");
    CHECK(shows(program, "This deletes 100 rows; 1 table will vanish."));
    CHECK(shows(program, "No safety dump is taken: you cannot undo this."));
    CHECK(shows(program, fmt::format("Type the database name ({})", scene.target().name())));
    CHECK(shows(program, "public (1 table)"));
    program.type(scene.target().name() + "\n");
    const auto typed = std::chrono::steady_clock::now();
    REQUIRE(program.wait_for("Restoring in 3 2 1"));
    CHECK(program.wait() == 0);
    const auto took = std::chrono::steady_clock::now() - typed;
    CHECK(took > 2900ms);
    CHECK(took < 30s);
    CHECK(shows(program, "restored " + scene.target().name()));
    CHECK(scene.is_new());
}

TEST_CASE("any answer but the name changes nothing", "[slow]") {
    const TerminalScene scene;
    const std::string name = scene.target().name();
    for (const std::string& answer :
         {std::string{"yes\n"}, std::string{"\n"}, std::string{"\x04"}, name + "x\n",
          " " + name + "\n", std::string{"y\x04\x04"}, std::string(300, 'x') + "\n"}) {
        TerminalProgram program = scene.start();
        REQUIRE(program.wait_for(k_question));
        program.type(answer);
        CHECK(program.wait() == k_refused);
        CHECK(shows(program, "not confirmed"));
        CHECK(shows(program, "nothing was typed") == (answer == "\n" || answer == "\x04"));
        CHECK(shows(program, "Nothing was changed"));
    }
    scene.check_untouched();
}

TEST_CASE("Ctrl-C at the question or in the countdown changes nothing, and that is reported",
          "[slow]") {
    const TerminalScene scene;
    for (const bool confirmed : {false, true}) {
        TerminalProgram program = scene.start();
        REQUIRE(program.wait_for(k_question));
        if (confirmed) {
            program.type(scene.target().name() + "\n");
            REQUIRE(program.wait_for("Restoring in 3 2"));
        }
        program.type("\x03");
        CHECK(program.wait() == k_interrupted);
        const auto lines = screen_of(program.output(), 200);
        CHECK(std::ranges::any_of(lines, [](const std::string& line) {
            return line.starts_with("dbbackup: ") &&
                   line.find("ended by signal 2") != std::string::npos;
        }));
        CHECK(shows(program,
                    "\ninterrupted: database " + scene.target().name() + " was not changed"));
    }
    scene.check_untouched();
}

TEST_CASE("closing the terminal at the question or in the countdown changes nothing", "[slow]") {
    const TerminalScene scene;
    for (const bool confirmed : {false, true}) {
        {
            TerminalProgram program = scene.start();
            REQUIRE(program.wait_for(k_question));
            if (confirmed) {
                program.type(scene.target().name() + "\n");
                REQUIRE(program.wait_for("Restoring in 3"));
            }
            program.hang_up();
        }
        scene.check_untouched();
    }
}

TEST_CASE("restore: --confirm on a terminal asks nothing but still counts down", "[slow]") {
    const TerminalScene scene;
    const std::string name = scene.target().name();
    {
        TerminalProgram program = scene.start({"--no-safety-dump", "--confirm", name});
        REQUIRE(program.wait_for("Restoring in 3"));
        CHECK_FALSE(shows(program, k_question));
        program.type("\x03");
        CHECK(program.wait() == k_interrupted);
        scene.check_untouched();
    }
    {
        TerminalProgram program = scene.start({"--confirm", name + "x"});
        CHECK(program.wait() == k_refused);
        scene.check_untouched();
    }
    // --quiet hides neither the loss nor the countdown.
    TerminalProgram program = scene.start({"-q", "--no-safety-dump", "--confirm", name});
    REQUIRE(program.wait_for("3 2 1"));
    CHECK(shows(program, "vanishes"));
    CHECK(program.wait() == 0);
    CHECK(scene.is_new());
}

TEST_CASE("a dump that is replaced in place during the question is not restored", "[slow]") {
    const TerminalScene scene;
    scene.source().psql("update shop.orders set amount = amount + 1");
    const TakenDump other = take_dump(scene.source().url(), scene.temp() / "other");
    TerminalProgram program = scene.start();
    REQUIRE(program.wait_for(k_question));
    write_file(scene.taken, read_file(other.path));
    program.type(scene.target().name() + "\n");
    CHECK(program.wait() == 3);
    CHECK(shows(program, "changed while it was restored"));
    scene.check_untouched();
}

TEST_CASE("names with control characters and Unicode are shown escaped and can be confirmed",
          "[slow]") {
    const std::string name = "a\tb\x1b[31m \xc3\xa9\xe2\x82\xac";
    const TestDatabase target{name};
    target.psql("create table kept (i integer)"); // otherwise nothing is asked
    const TerminalScene scene;
    const std::string shown = "a\\tb\\x1B[31m \xc3\xa9\xe2\x82\xac";
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = target.url();
    TerminalProgram program{{dbbackup_path(), "restore", scene.taken.string(), "--dir",
                             scene.dumps().string(), "--no-safety-dump"},
                            options,
                            200};
    REQUIRE(program.wait_for(k_question));
    CHECK(shows(program, "(" + shown + ")"));
    program.type(shown + "\n");
    CHECK(program.wait() == 0);
    CHECK_FALSE(shows(program, "\x1b[31m"));
    CHECK(target.psql("select count(*) from shop.orders") == "400");
}

TEST_CASE("restore: --json on a terminal prints one object on stdout, the question elsewhere",
          "[slow]") {
    const TerminalScene scene;
    const Words words{"/bin/sh",       "-c",      "exec \"$@\" > report", "sh",
                      dbbackup_path(), "restore", scene.taken.string(),   "--clean",
                      "--json",        "--dir",   scene.dumps().string()};
    TerminalProgram program{words, scene.options(), 200};
    REQUIRE(program.wait_for(k_question));
    program.type(scene.target().name() + "\n");
    CHECK(program.wait() == 0);
    CHECK(nlohmann::json::parse(read_file(scene.temp() / "report")).is_object());
    CHECK(scene.is_new());
}

TEST_CASE("restore: no question and no countdown if nothing can be lost", "[slow]") {
    TerminalScene scene;
    scene.renew_target();
    TerminalProgram program = scene.start({});
    CHECK(program.wait() == 0);
    CHECK_FALSE(shows(program, k_question));
    CHECK_FALSE(shows(program, "Restoring in"));
    CHECK_FALSE(shows(program, "safety dump"));
    CHECK(scene.target().psql("select count(*) from shop.orders") == "400");
    CHECK(scene.new_names().empty());
}
