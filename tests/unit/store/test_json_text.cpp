#include "store/json_text.hpp"
#include "support/catch.hpp"

using namespace dbbackup::store;

TEST_CASE("a member's value is found as written") {
    for (const auto& [json, value] : std::vector<std::pair<std::string, std::string>>{
             {R"({"a":1})", "1"},
             {R"({"a":18446744073709551616.50e+3})", "18446744073709551616.50e+3"},
             {" \r\n{ \"b\" : [ ] ,\t\"a\"\n:\n true }", "true"},
             {R"({"b":{"a":1},"a":{"a":[{}, "}"]},"c":2})", R"({"a":[{}, "}"]})"},
             {R"({"b":"\"a\": 1, \\","a":"]}\\\"x"})", R"("]}\\\"x")"},
             {R"({"a":1,"a":[2]})", "[2]"},
             {R"({"\u0061":3})", "3"},
             {"\xEF\xBB\xBF{\"a\":4}", "4"},
             {R"({"ä\u00e4":0,"a":""})", R"("")"}}) {
        INFO(json);
        const auto found = find_member(json, "a");
        REQUIRE(found);
        CHECK(*found == value);
        CHECK(found->data() >= json.data());
        CHECK(found->data() + found->size() <= json.data() + json.size());
    }
    CHECK_FALSE(find_member("{}", "a"));
    CHECK_FALSE(find_member(R"({"b":{"a":1},"c":"a"})", "a"));
}

TEST_CASE("an array's elements are found as written") {
    using Elements = std::vector<std::string_view>;
    CHECK(elements_of("[]").empty());
    CHECK(elements_of("[\n ]").empty());
    CHECK(elements_of("[1]") == Elements{"1"});
    CHECK(elements_of(R"([ {"a": [1, 2]} , "x,]" ,[], null,-1.50])") ==
          Elements{R"({"a": [1, 2]})", R"("x,]")", "[]", "null", "-1.50"});
}

TEST_CASE("one part is replaced and nothing else") {
    const std::string json = R"({"a":1,"b":"1"})";
    CHECK(with_replaced(json, find_member(json, "a").value(), "[2]") == R"({"a":[2],"b":"1"})");
    CHECK(with_replaced(json, find_member(json, "b").value(), "") == R"({"a":1,"b":})");
}
