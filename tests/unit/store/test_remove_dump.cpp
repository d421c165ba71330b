#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/store/leftovers.hpp>
#include <dbbackup/store/manifest_update.hpp>
#include <dbbackup/store/remove_dump.hpp>

#include <array>
#ifdef __linux__
#include <sys/inotify.h>
#endif
#include <unistd.h>

using namespace dbbackup;
using namespace dbbackup::test;
using store::Removal;

namespace {

/// A dump whose removal is decided.
struct Decided {
    SampleDirectory dumps;
    std::string name = dumps.add_at("2020-01-01");
    store::DumpDirectory directory = store::DumpDirectory::open(dumps.path());
    store::DumpEntry decided_on = directory.find(name).value();

    Removal remove() const { return store::remove_dump(directory, decided_on); }

    /// Checks that it stays, as it is now.
    void check_stays(Removal expected) const {
        const auto before = dumps.state();
        CHECK(remove() == expected);
        CHECK(dumps.state() == before);
    }
};

#ifdef __linux__
/// The names that appear and disappear in a directory, in order.
class NamesWatch {
public:
    explicit NamesWatch(const std::filesystem::path& directory)
        : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
        REQUIRE(::inotify_add_watch(fd_.get(), directory.c_str(),
                                    IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE) >= 0);
    }

    [[nodiscard]] std::vector<std::string> changes() const {
        alignas(inotify_event) std::array<char, 65536> buffer{};
        const ssize_t size = ::read(fd_.get(), buffer.data(), buffer.size());
        std::vector<std::string> changes;
        for (ssize_t at = 0; at < size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
            const bool comes = (event->mask & (IN_MOVED_TO | IN_CREATE)) != 0;
            changes.push_back((comes ? "+" : "-") + std::string{event->name});
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        }
        return changes;
    }

private:
    sys::Fd fd_;
};
#endif

} // namespace

#ifdef __linux__
TEST_CASE("the manifest is deleted while the dump is hidden: a kill leaves both or neither") {
    const Decided decided;
    const std::string hidden = store::removed_name_of(decided.name);
    const NamesWatch watch{decided.dumps.path()};
    CHECK(decided.remove() == Removal::done);
    CHECK(watch.changes() == std::vector<std::string>{"-" + decided.name, "+" + hidden,
                                                      "-" + decided.name + ".json", "-" + hidden});
}

TEST_CASE("an interrupted removal is finished in the same order") {
    const Decided decided;
    const std::string hidden = store::removed_name_of(decided.name);
    std::filesystem::rename(decided.dumps / decided.name, decided.dumps / hidden);
    const auto leftovers = store::find_leftovers(decided.directory);
    REQUIRE(leftovers.size() == 1);
    const NamesWatch watch{decided.dumps.path()};
    store::remove_leftover(decided.directory, leftovers[0]);
    CHECK(watch.changes() == std::vector<std::string>{"-" + decided.name + ".json", "-" + hidden});
}
#endif

TEST_CASE("a removed dump leaves nothing") {
    const Decided decided;
    CHECK(decided.remove() == Removal::done);
    CHECK(decided.dumps.state().empty());
}

TEST_CASE("a dump that was pinned after the decision stays") {
    const Decided decided;
    CHECK(store::set_pinned(decided.directory, decided.name, store::Pinned::yes) ==
          store::Change::made);
    decided.check_stays(Removal::changed);
}

TEST_CASE("a dump that was verified after the decision stays") {
    const Decided decided;
    store::Manifest::Verification verification;
    verification.level = "read";
    verification.result = "ok";
    store::record_verification(decided.directory, decided.name, verification);
    decided.check_stays(Removal::changed);
}

TEST_CASE("a dump that was replaced after the decision stays") {
    const Decided decided;
    write_file(decided.dumps / decided.name, "another");
    decided.check_stays(Removal::changed);
}

TEST_CASE("a dump that was replaced by a link stays, and so does the link's target") {
    const Decided decided;
    const auto elsewhere = decided.dumps.path().parent_path() / "elsewhere.sql";
    std::filesystem::rename(decided.dumps / decided.name, elsewhere);
    std::filesystem::create_symlink(elsewhere, decided.dumps / decided.name);
    decided.check_stays(Removal::changed);
    CHECK(std::filesystem::exists(elsewhere));
}

TEST_CASE("a dump that is being read after the decision stays") {
    const Decided decided;
    const HeldFile reader{decided.dumps / decided.name, HeldFile::How::shared};
    decided.check_stays(Removal::in_use);
}

TEST_CASE("a dump whose manifest is gone or no longer a file is an error, and stays") {
    const Decided decided;
    const auto manifest = manifest_path(decided.dumps / decided.name);
    std::filesystem::rename(manifest, decided.dumps / "real.json");
    CHECK_THROWS_AS(decided.remove(), base::Error);
    std::filesystem::create_symlink("real.json", manifest);
    CHECK_THROWS_AS(decided.remove(), base::Error);
    CHECK(std::filesystem::exists(decided.dumps / decided.name));
    CHECK(std::filesystem::exists(decided.dumps / "real.json"));
}

TEST_CASE("at each step of a removal the dump is whole or gone") {
    // The state after a kill: before the first rename, and after each further step.
    const Decided decided;
    const std::string hidden = store::removed_name_of(decided.name);
    CHECK(decided.directory.lost().empty());
    std::filesystem::rename(decided.dumps / decided.name, decided.dumps / hidden);
    CHECK(decided.directory.list().empty());
    CHECK(decided.directory.lost().empty());
    CHECK(decided.directory.irregular().empty());
    const auto leftovers = store::find_leftovers(decided.directory);
    REQUIRE(leftovers.size() == 1);
    CHECK(leftovers[0].name == hidden);
    CHECK(leftovers[0].database == "app");
    CHECK(leftovers[0].kind == store::Leftover::Kind::removal);
    CHECK(leftovers[0].is_stale(base::UtcTime{}));
    store::remove_leftover(decided.directory, leftovers[0]);
    CHECK(decided.dumps.state().empty());
}

TEST_CASE("a partial file is stale after a day") {
    const base::UtcTime now{std::chrono::hours{1000}};
    store::Leftover leftover;
    leftover.last_change = now - std::chrono::hours{24};
    CHECK(!leftover.is_stale(now));
    leftover.last_change -= std::chrono::milliseconds{1};
    CHECK(leftover.is_stale(now));
    leftover.last_change = now + std::chrono::hours{1}; // by a clock that was wrong
    CHECK(!leftover.is_stale(now));
}
