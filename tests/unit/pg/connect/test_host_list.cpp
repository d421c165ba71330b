#include "pg/connect/host_list.hpp"
#include "support/catch.hpp"

using namespace dbbackup::pg;

namespace {

/// "host|hostaddr|port" of a URL's remaining servers, or "none".
std::string left_of(const std::string& url, const char* host, const char* port) {
    const auto left = without_server(parse_connection_url(url), host, port);
    if (!left) {
        return "none";
    }
    std::string text;
    for (const char* keyword : {"host", "hostaddr", "port"}) {
        const std::string* value = left->find(keyword);
        text += (text.empty() ? "" : "|") + (value == nullptr ? "-" : *value);
    }
    return text;
}

} // namespace

TEST_CASE("one of several servers is skipped, with its address and port") {
    CHECK(left_of("postgresql://a,b,c/d", "b", "5432") == "a,c|-|,");
    CHECK(left_of("postgresql://a,b/d", "a", "5432") == "b|-|-");
    CHECK(left_of("postgresql://a:1,a:2,a:3/d", "a", "2") == "a,a|-|1,3");
    CHECK(left_of("postgresql://a,b:7/d", "a", "5432") == "b|-|7");
    CHECK(left_of("postgresql:///d?host=a,b&port=6", "b", "6") == "a|-|6");
    CHECK(left_of("postgresql:///d?hostaddr=1.1.1.1,2.2.2.2", "1.1.1.1", "5432") == "-|2.2.2.2|-");
    CHECK(left_of("postgresql:///d?host=a,b&hostaddr=1.1.1.1,2.2.2.2", "b", "5432") ==
          "a|1.1.1.1|-");
    CHECK(left_of("postgresql://a/d", "a", "5432") == "none");
    CHECK(left_of("postgresql://a,b/d", "c", "5432") == "none");
}
