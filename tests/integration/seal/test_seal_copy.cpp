// Sealing a plain dump on its way elsewhere.

#include "ops/seal/seal_copy.hpp"
#include "support/catch.hpp"
#include "support/scene/seal_scene.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/recipients.hpp>

#include <fcntl.h>
#include <unistd.h>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

class Deaf : public ops::Listener {
public:
    void on_warning(const std::string& /*message*/) override {}
    void on_notice(const std::string& /*message*/) override {}
    void on_detail(const std::string& /*message*/) override {}
    void on_progress(const ops::Progress& /*progress*/) override {}
};

/// A plain dump, and how to seal it.
class PlainDump {
public:
    PlainDump() {
        REQUIRE(scene_.dumps().dump({"--label", "monday"}).exit_code == 0);
        for (const std::string& name : scene_.dumps().new_names()) {
            if (name.ends_with(".sql.gz")) {
                path_ = scene_.dumps().dumps() / name;
            }
        }
        manifest_ = store::parse_manifest(read_file(path_.string() + ".json"), "m");
    }

    [[nodiscard]] const SealScene& scene() const { return scene_; }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    [[nodiscard]] const store::Manifest& manifest() const { return manifest_; }

    [[nodiscard]] ops::SealedCopy seal() const {
        Deaf listener;
        const ops::Context context{.listener = listener, .clock = base::system_clock()};
        const auto scratch = sys::Directory::open(scene_.dumps().temp());
        const sys::Fd file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
        return ops::seal_copy(file.get(), manifest_,
                              ops::parse_recipients({scene_.recipient()}, context), scratch,
                              context);
    }

private:
    SealScene scene_;
    std::filesystem::path path_;
    store::Manifest manifest_;
};

} // namespace

TEST_CASE("a sealed copy of a plain dump is that dump, and opens") {
    const PlainDump plain;
    const ops::SealedCopy copy = plain.seal();
    CHECK(copy.manifest.dump_id == plain.manifest().dump_id);
    CHECK(copy.manifest.file.name == plain.manifest().file.name + ".age");
    const std::string bytes = sys::read_all(copy.file.get(), std::size_t{1} << 30U, "copy");
    const auto place = plain.scene().dumps().temp() / "copies";
    std::filesystem::create_directory(place);
    const auto path = place / copy.manifest.file.name;
    write_file(path, bytes);
    write_file(path.string() + ".json", store::to_readable_json(copy.manifest));
    CHECK(read_file(path.string() + ".json").find("monday") == std::string::npos);
    const auto verified = plain.scene().run_open({"verify", path.string()});
    INFO(verified.err);
    CHECK(verified.exit_code == 0);
    const auto opened = plain.scene().by_hand(R"(age -d -i "$KEY" "$FILE")", path);
    CHECK(opened.out == read_file(plain.path()));
    const auto shown =
        nlohmann::json::parse(plain.scene().run_open({"show", path.string(), "--json"}).out);
    CHECK(shown["manifest"]["dump"]["label"] == "monday");
}

TEST_CASE("a dump that is not that of its manifest is not sealed") {
    const PlainDump plain;
    write_file(plain.path(), read_file(plain.path()) + "x");
    CHECK_THROWS_AS(plain.seal(), base::Error);
}
