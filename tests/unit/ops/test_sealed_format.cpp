#include "ops/seal/armor.hpp"
#include "ops/seal/sealed_size.hpp"
#include "support/catch.hpp"

using namespace dbbackup;

namespace {

const std::string k_header = "age-encryption.org/v1\n"
                             "-> X25519 AEwqV48xUoAIMMezOaoDdPTIMfVe10No5poh3Z8Qyjg\n"
                             "Dl4yZ+BhWGzCE0worT3gDj/QLPAjcGZumNPanfpF/54\n"
                             "--- 7rgMEAUhdwtjmdgktj1+V1qfW0XgT98MHmDSqm84Rj4\n";

} // namespace

TEST_CASE("the header of a sealed file ends with the line of its MAC") {
    CHECK(ops::find_header_size(k_header + "payload\n--- x\n") == k_header.size());
    CHECK(ops::find_header_size(k_header.substr(0, k_header.size() - 1)) == std::nullopt);
    CHECK(ops::find_header_size("") == std::nullopt);
    CHECK(ops::find_header_size("--\n-- PostgreSQL database dump\n--- x\n") == std::nullopt);
}

TEST_CASE("how long a sealed payload is") {
    CHECK(ops::sealed_payload_size(0) == 16 + 16);
    CHECK(ops::sealed_payload_size(1) == 16 + 1 + 16);
    CHECK(ops::sealed_payload_size(65536) == 16 + 65536 + 16);
    CHECK(ops::sealed_payload_size(65537) == 16 + 65537 + 32);
    const std::uint64_t size = k_header.size() + 16 + 70'000 + 32;
    CHECK(ops::find_wrong_size(k_header, size, 70'000).empty());
    CHECK_FALSE(ops::find_wrong_size(k_header, size - 1, 70'000).empty());
    CHECK_FALSE(ops::find_wrong_size(k_header, size, 69'999).empty());
    CHECK_FALSE(ops::find_wrong_size("plain", size, 70'000).empty());
}

TEST_CASE("armor is strict PEM") {
    CHECK(ops::armored("") ==
          "-----BEGIN AGE ENCRYPTED FILE-----\n-----END AGE ENCRYPTED FILE-----\n");
    CHECK(ops::armored("f") ==
          "-----BEGIN AGE ENCRYPTED FILE-----\nZg==\n-----END AGE ENCRYPTED FILE-----\n");
    CHECK(ops::armored("fooba").find("\nZm9vYmE=\n") != std::string::npos);
    CHECK(ops::armored("foobar").find("\nZm9vYmFy\n") != std::string::npos);
    CHECK(ops::armored(std::string(49, 'a')).find("\n" + std::string("YQ==") + "\n") !=
          std::string::npos);
}
