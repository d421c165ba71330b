#include "support/catch.hpp"

#include <dbbackup/pg/copied_fields.hpp>

using namespace dbbackup::pg;

TEST_CASE("a row of COPY is split at its tabs") {
    using Fields = std::vector<std::string_view>;
    CHECK(split_copied_row("1\ta\\tb\t\\N") == Fields{"1", "a\\tb", "\\N"});
    CHECK(split_copied_row("") == Fields{""});
    CHECK(split_copied_row("\t") == Fields{"", ""});
}

TEST_CASE("a field of COPY is read as the server reads it") {
    const auto [field, value] = GENERATE(table<std::string, std::string>({
        {"plain", "plain"},
        {"", ""},
        {R"(a\tb\nc\rd\be\ff\vg)", "a\tb\nc\rd\be\ff\vg"},
        {R"(back\\slash)", "back\\slash"},
        {R"(\101\7x\x41\x4g)", "A\ax"
                               "A\x04g"},
        {R"(\.)", "."},
        {R"(\\N)", "\\N"},
        {R"(\xzz)", "xzz"},
        {"ends with\\", "ends with\\"},
    }));
    CHECK(read_copied_field(field) == value);
}

TEST_CASE("only \\N is NULL") {
    CHECK(read_copied_field("\\N") == std::nullopt);
    CHECK(read_copied_field("N").has_value());
    CHECK(read_copied_field("\\NN") == "NN");
}
