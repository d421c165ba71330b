#include "support/catch.hpp"

#include <dbbackup/stream/checksum.hpp>

#include <string>

using namespace dbbackup;
using namespace dbbackup::stream;

namespace {

struct CollectingSink : Sink {
    std::string text;
    bool finished = false;

    void write(base::Bytes bytes) override { text += base::as_text(bytes); }

    void finish() override { finished = true; }
};

} // namespace

// The examples of FIPS 180-4.
TEST_CASE("a checksum is SHA-256") {
    Checksum checksum;
    SECTION("of nothing") {
        CHECK(checksum.sha256() ==
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        CHECK(checksum.size() == 0);
    }
    SECTION("of a few bytes, in pieces") {
        checksum.observe(base::as_bytes("a"));
        checksum.observe({});
        checksum.observe(base::as_bytes("bc"));
        CHECK(checksum.size() == 3);
        CHECK(checksum.sha256() ==
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
    SECTION("of a million bytes") {
        for (int i = 0; i < 1000; ++i) {
            checksum.observe(base::as_bytes(std::string(1000, 'a')));
        }
        CHECK(checksum.size() == 1'000'000);
        CHECK(checksum.sha256() ==
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}

TEST_CASE("an observed sink passes on what its observer saw") {
    CollectingSink next;
    Checksum checksum;
    ObservedSink sink{next, checksum};
    sink.write(base::as_bytes("ab"));
    sink.write(base::as_bytes("c"));
    CHECK(!next.finished);
    sink.finish();
    CHECK(next.finished);
    CHECK(next.text == "abc");
    CHECK(checksum.sha256() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
