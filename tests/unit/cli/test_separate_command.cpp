#include "cli/command_line/separate_command.hpp"
#include "support/catch.hpp"

#include <sstream>

using namespace dbbackup;

namespace {

std::vector<std::string> split(const std::string& line) {
    std::istringstream stream{line};
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

struct Tree {
    Tree() {
        root.add_option("--dir", text);
        root.add_flag("-q,--quiet", flag);
        root.add_subcommand("dump")->add_option("--label", text);
        CLI::App* guard = root.add_subcommand("guard");
        guard->add_option("-t,--table", list)->allow_extra_args(false);
        guard->add_option("-T", list)->group("");
        guard->add_flag("--pin", flag);
    }

    CLI::App root{"A root.", "dbbackup"};
    std::string text;
    std::vector<std::string> list;
    bool flag = false;
};

} // namespace

TEST_CASE("the guarded command begins with the first word that is not ours") {
    const Tree tree;
    const std::vector<std::pair<std::string, std::string>> cases{
        {"guard npx prisma", "guard -- npx prisma"},
        {"guard -- npx prisma", "guard -- npx prisma"},
        {"guard npm run x -- --force", "guard -- npm run x -- --force"},
        {"guard -- npm run x -- --force", "guard -- npm run x -- --force"},
        {"guard tool --dir x --json -q", "guard -- tool --dir x --json -q"},
        {"guard --dir x tool", "guard --dir x -- tool"},
        {"guard --dir=x tool", "guard --dir=x -- tool"},
        {"--dir guard guard tool", "--dir guard guard -- tool"},
        {"-q --dir x guard tool guard", "-q --dir x guard -- tool guard"},
        {"guard --pin tool", "guard --pin -- tool"},
        {"guard -q tool", "guard -q -- tool"},
        {"guard -t a -t b tool", "guard -t a -t b -- tool"},
        {"guard -ta tool", "guard -ta -- tool"},
        {"guard -qt a tool", "guard -qt a -- tool"},
        {"guard -qta tool", "guard -qta -- tool"},
        {"guard -T a tool", "guard -T a -- tool"},
        {"guard --unknown tool", "guard --unknown -- tool"},
        {"guard --unknown=1 tool", "guard --unknown=1 -- tool"},
        {"guard", "guard"},
        {"guard --", "guard --"},
        {"guard -t", "guard -t"},
        {"guard -t a", "guard -t a"},
        {"guard --help", "guard --help"},
        {"dump guard tool", "dump guard tool"},
        {"dump -- --x", "dump -- --x"},
        {"--dir guard dump tool", "--dir guard dump tool"},
        {"-- guard tool", "-- guard tool"},
        {"", ""},
    };
    for (const auto& [line, expected] : cases) {
        INFO(line);
        CHECK(cli::separate_command(tree.root, split(line)) == split(expected));
    }
}
