// A prune ended at random moments. DBBACKUP_TEST_LONG tries many more moments.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <random>
#include <thread>

using namespace dbbackup::test;

namespace {

using Names = std::vector<std::string>;

const std::vector<std::string> k_prune{"prune", "--keep-last", "20", "--json"};

bool is_long() {
    return std::getenv("DBBACKUP_TEST_LONG") != nullptr;
}

/// Some of the runs finish before they are hit.
constexpr int k_most_rounds_each = 10;

int rounds(int few, int many) {
    return is_long() ? many : few;
}

/// Many dumps, most of which are deleted, and the moments during their removal.
class Moments {
public:
    Moments()
        : names_(dumps_.add_days(is_long() ? 320 : 70)), seed_(std::random_device{}()),
          random_(seed_) {
        REQUIRE(dumps_.run({"pin", names_[7]}).exit_code == 0);
        kept_.assign(names_.end() - 20, names_.end());
        kept_.push_back(names_[7]);
        std::ranges::sort(kept_);
        std::filesystem::copy(dumps_.path(), copy());
    }

    [[nodiscard]] const SampleDirectory& dumps() const { return dumps_; }

    [[nodiscard]] const Names& kept() const { return kept_; }

    [[nodiscard]] unsigned seed() const { return seed_; }

    /// Sends the signal after a random number of dumps is gone.
    [[nodiscard]] ProgramResult hit(int signal_number) {
        std::uniform_int_distribution<std::size_t> counts{1,
                                                          5 * (names_.size() - kept_.size()) / 4};
        const std::size_t entries = 2 * names_.size() - counts(random_);
        Program run{dumps_.words(k_prune), {.directory = dumps_.path().parent_path()}};
        while (run.running() && names_in(dumps_.path()).size() > entries) {
            std::this_thread::sleep_for(std::chrono::microseconds{200});
        }
        run.send(signal_number);
        return run.wait();
    }

    /// What a prune that a signal ended has to report, according to what is left.
    [[nodiscard]] std::string told_of_an_end() const {
        return fmt::format("after {} of {} dumps were deleted, each with its manifest",
                           names_.size() - dumps_.dumps().size(), names_.size() - kept_.size());
    }

    void fill_again() const {
        std::filesystem::remove_all(dumps_.path());
        std::filesystem::copy(copy(), dumps_.path());
    }

private:
    [[nodiscard]] std::filesystem::path copy() const {
        return dumps_.path().parent_path() / "copy";
    }

    SampleDirectory dumps_;
    Names names_;
    Names kept_;
    unsigned seed_;
    std::mt19937 random_;
};

bool is_hidden(const std::string& name) {
    return name.starts_with('.');
}

/// Checks that each dump is whole, or gone for every reader, and that those to be kept exist.
void check_remains(const Moments& moments) {
    moments.dumps().check_all_good(); // also that no manifest has lost its dump
    Names whole;
    for (const std::string& name : names_in(moments.dumps().path())) {
        if (!is_hidden(name) && !name.ends_with(".json")) {
            CHECK(std::filesystem::exists(manifest_path(moments.dumps() / name)));
            whole.push_back(name);
        }
    }
    CHECK(std::ranges::includes(whole, moments.kept()));
}

void check_next_prune_finishes(const Moments& moments) {
    CHECK(moments.dumps().run(k_prune).exit_code == 0);
    CHECK(moments.dumps().dumps() == moments.kept());
}

void check_signal(int signal_number) {
    Moments moments;
    INFO("seed " << moments.seed());
    int ended = 0;
    for (int round = 0; ended < rounds(2, 60) && round < k_most_rounds_each * rounds(2, 60);
         ++round) {
        const ProgramResult result = moments.hit(signal_number);
        CAPTURE(round, result.out, result.err);
        CHECK((result.exit_code == 0 || result.exit_code == 128 + signal_number));
        if (result.exit_code != 0) {
            ++ended;
            CHECK(result.err.find(moments.told_of_an_end()) != std::string::npos);
        }
        // No half pair, no lock, no hidden file.
        CHECK(std::ranges::none_of(moments.dumps().dumps(), is_hidden));
        CHECK(std::ranges::includes(moments.dumps().dumps(), moments.kept()));
        check_next_prune_finishes(moments);
        moments.fill_again();
    }
    CHECK(ended == rounds(2, 60));
}

} // namespace

TEST_CASE("a killed prune leaves each dump whole or removed, and the next one finishes") {
    Moments moments;
    INFO("seed " << moments.seed());
    int killed = 0;
    for (int round = 0; killed < rounds(8, 200) && round < k_most_rounds_each * rounds(8, 200);
         ++round) {
        const ProgramResult result = moments.hit(SIGKILL);
        CAPTURE(round, result.out, result.err);
        killed += result.signal_number == SIGKILL ? 1 : 0;
        check_remains(moments);
        check_next_prune_finishes(moments);
        moments.fill_again();
    }
    CHECK(killed == rounds(8, 200));
}

TEST_CASE("SIGTERM and SIGINT end a prune between two dumps") {
    check_signal(GENERATE(SIGTERM, SIGINT));
}

TEST_CASE("two prunes at once: one or both complete, and nothing is lost") {
    Moments moments;
    for (int round = 0; round < rounds(2, 60); ++round) {
        CAPTURE(round);
        const ProgramOptions options{.directory = moments.dumps().path().parent_path()};
        Program one{moments.dumps().words(k_prune), options};
        Program other{moments.dumps().words(k_prune), options};
        const ProgramResult first = one.wait();
        const ProgramResult second = other.wait();
        INFO(first.err << second.err << first.out);
        CHECK((first.exit_code == 0 || first.exit_code == 4));
        CHECK((second.exit_code == 0 || second.exit_code == 4));
        CHECK((first.exit_code == 0 || second.exit_code == 0));
        CHECK(moments.dumps().dumps() == moments.kept());
        moments.fill_again();
    }
}

TEST_CASE("verify during a prune finds nothing damaged") {
    Moments moments;
    for (int round = 0; round < rounds(1, 30); ++round) {
        const ProgramOptions options{.directory = moments.dumps().path().parent_path()};
        Program verify{moments.dumps().words({"verify", "--all"}), options};
        Program prune{moments.dumps().words(k_prune), options};
        const ProgramResult pruned = prune.wait();
        const ProgramResult verified = verify.wait();
        CAPTURE(round, pruned.err, verified.err, verified.out);
        CHECK(pruned.exit_code == 0);
        CHECK(verified.exit_code != 3); // 1: a dump was gone before its turn
        CHECK(std::ranges::includes(moments.dumps().dumps(), moments.kept()));
        moments.fill_again();
    }
}
