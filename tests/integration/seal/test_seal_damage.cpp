// Sealed files that were cut, shuffled or changed: exit 3, whatever they look like.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/scene/seal_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

constexpr std::size_t k_chunk = 64 * 1024 + 16;

/// Where the chunks of a sealed file begin.
std::size_t payload_of(const std::string& sealed) {
    return sealed.find('\n', sealed.find("\n--- ") + 1) + 1 + 16;
}

class Damage {
public:
    explicit Damage(std::vector<std::string> way) {
        scene_.dumps().fill(1200);
        file_ = scene_.take(std::move(way));
        good_ = read_file(file_);
        record_ = read_file(file_.string() + ".json");
    }

    [[nodiscard]] const std::string& good() const { return good_; }

    /// Without a manifest, a changed header can be that of a dump for other recipients.
    enum class Looks { damaged, sealed_for_others };

    void check_damaged(const std::string& content, Looks may_look = Looks::damaged) const {
        write_file(file_, content);
        for (const bool with_manifest : {true, false}) {
            CAPTURE(with_manifest);
            write_file(file_.string() + ".json", record_);
            if (!with_manifest) {
                std::filesystem::remove(file_.string() + ".json");
            }
            const auto result = scene_.run_open({"verify", file_.string()});
            INFO(result.err);
            const bool is_for_others =
                result.exit_code == 1 && result.err.find("does not open it") != std::string::npos;
            CHECK((result.exit_code == 3 ||
                   (is_for_others && !with_manifest && may_look == Looks::sealed_for_others)));
        }
        write_file(file_.string() + ".json", record_);
        CHECK(scene_.run({"verify", file_.string()}).exit_code == 3);
    }

private:
    SealScene scene_;
    std::filesystem::path file_;
    std::string good_;
    std::string record_;
};

const std::vector<std::vector<std::string>> k_ways{{}, {"-Z", "none"}, {"-F", "custom"}};

} // namespace

TEST_CASE("a sealed dump that was cut at a chunk is damaged") {
    for (const auto& way : k_ways) {
        const Damage damage{way};
        const std::size_t start = payload_of(damage.good());
        const std::size_t chunks = (damage.good().size() - start) / k_chunk;
        REQUIRE(chunks >= 3);
        for (const std::size_t chunk : places(chunks, 3)) {
            CAPTURE(way, chunk);
            damage.check_damaged(damage.good().substr(0, start + (chunk + 1) * k_chunk));
        }
    }
}

TEST_CASE("a sealed dump with two chunks swapped is damaged") {
    const Damage damage{{}};
    std::string content = damage.good();
    const std::size_t start = payload_of(content);
    const std::string first = content.substr(start, k_chunk);
    content.replace(start, k_chunk, content.substr(start + k_chunk, k_chunk));
    content.replace(start + k_chunk, k_chunk, first);
    damage.check_damaged(content);
}

TEST_CASE("a sealed dump with a changed header, or one bit, is damaged") {
    const Damage damage{{}};
    const std::size_t header = payload_of(damage.good());
    for (const std::size_t bit : places(header * 8, 12)) {
        CAPTURE(bit);
        damage.check_damaged(flipped(damage.good(), bit), Damage::Looks::sealed_for_others);
    }
    // As if it was sealed for somebody else: still good base64, of another key.
    std::string content = damage.good();
    char& digit = content[content.find("-> X25519 ") + 20];
    digit = digit == 'A' ? 'B' : 'A';
    damage.check_damaged(content, Damage::Looks::sealed_for_others);
    for (const std::size_t bit : places(damage.good().size() * 8, 4)) {
        if (!is_long() || bit % 100'003 == 0) {
            CAPTURE(bit);
            damage.check_damaged(flipped(damage.good(), bit));
        }
    }
    damage.check_damaged(damage.good() + "x");
}
