// The connection breaks during a restore's commit: only the server knows the outcome.

#include "support/catch.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/server/commit_proxy.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <thread>

using namespace dbbackup::test;

namespace {

using Cut = CommitProxy::Cut;

std::unique_ptr<Program> start(const ShopRestore& scene, const CommitProxy& proxy,
                               const std::filesystem::path& dump) {
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = proxy.url(scene.target().name());
    return std::make_unique<Program>(scene.words(dump, {"--clean", "--no-safety-dump"}), options);
}

bool is_long() {
    return std::getenv("DBBACKUP_TEST_LONG") != nullptr;
}

} // namespace

TEST_CASE("the connection breaks before the server receives the commit") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    const CommitProxy proxy{Cut::before_the_commit};
    const auto result = start(scene, proxy, dump)->wait();
    CHECK(proxy.cuts() == 1);
    scene.check_failed(result, 1, "the connection broke during COMMIT, and the server rolled back");
}

TEST_CASE("the connection breaks between the commit and its answer") {
    ShopRestore scene;
    const auto dump = scene.dump();
    const CommitProxy proxy{Cut::before_the_answer};
    const auto result = start(scene, proxy, dump)->wait();
    CHECK(proxy.cuts() == 1);
    scene.check_new(result);
    CHECK(result.err.find("warning: the connection broke during COMMIT, but the server confirms "
                          "that it took place") != std::string::npos);
}

TEST_CASE("a signal during the commit does not hide its outcome") {
    for (const int signal_number : {SIGINT, SIGTERM}) {
        for (const Cut cut : {Cut::before_the_commit, Cut::before_the_answer}) {
            ShopRestore scene;
            const auto dump = scene.dump();
            scene.remember();
            std::atomic<Program*> program{nullptr};
            const CommitProxy proxy{cut, [&program, signal_number] {
                                        while (program == nullptr) {
                                            std::this_thread::yield();
                                        }
                                        program.load()->send(signal_number);
                                    }};
            const auto run = start(scene, proxy, dump);
            program = run.get();
            const auto result = run->wait();
            INFO("signal " << signal_number << ", stderr: " << result.err);
            CHECK(proxy.cuts() == 1);
            if (cut == Cut::before_the_answer) {
                scene.check_new(result);
                CHECK(result.err.find("the server confirms") != std::string::npos);
            } else {
                CHECK((result.exit_code == 1 || result.exit_code == 128 + signal_number));
                scene.check_untouched();
            }
        }
    }
}

TEST_CASE("if the server cannot be asked after the commit, the outcome is reported as unknown") {
    if (!is_long()) {
        SUCCEED("takes a minute: only with --long");
        return;
    }
    for (const Cut cut : {Cut::before_the_commit, Cut::before_the_answer}) {
        ShopRestore scene;
        const auto dump = scene.dump();
        CommitProxy proxy{cut};
        proxy.close_at_cut();
        const auto result = start(scene, proxy, dump)->wait();
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK(result.err.find("it is unknown whether the restore took place") != std::string::npos);
        CHECK(result.err.find("txid_status(") != std::string::npos);
        CHECK(result.err.find("Nothing was changed") == std::string::npos);
        CHECK(scene.is_new() == (cut == Cut::before_the_answer));
    }
}
