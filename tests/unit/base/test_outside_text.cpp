#include "support/catch.hpp"

#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>

using dbbackup::base::mark_outside;
using dbbackup::base::without_marks;
using dbbackup::base::without_outside;

TEST_CASE("outside text: it is shown to the user but not logged") {
    const std::string message = "the server refused it: " + mark_outside("Key (email)=(a@b)") + ".";
    CHECK(without_marks(message) == "the server refused it: Key (email)=(a@b).");
    CHECK(without_outside(message) == "the server refused it: (not logged).");
}

TEST_CASE("outside text: the code is logged, the text is shown") {
    const std::string message = mark_outside("duplicate key (1)", "23505") + "; try again";
    CHECK(without_marks(message) == "duplicate key (1); try again");
    CHECK(without_outside(message) == "SQLSTATE 23505; try again");
}

TEST_CASE("outside text: an empty text is not marked, and an unmarked message stays the same") {
    CHECK(mark_outside("").empty());
    CHECK(without_marks("as it was") == "as it was");
    CHECK(without_outside("as it was") == "as it was");
}

TEST_CASE("outside text: marking twice hides once, and marks within the text do not end it early") {
    const std::string twice = mark_outside("lost: " + mark_outside("secret", "57P01"), "57P01");
    CHECK(without_marks(twice) == "lost: secret");
    CHECK(without_outside(twice) == "SQLSTATE 57P01");
    const std::string forged = mark_outside("a\x0F secret \x0E\x1F b");
    CHECK(without_outside(forged) == "(not logged)");
}

TEST_CASE("outside text: if a message was cut, no part of it is logged") {
    const std::string message = "it said " + mark_outside("one secret");
    for (std::size_t size = message.find('\x0E') + 1; size < message.size(); ++size) {
        CAPTURE(size);
        const std::string cut = message.substr(0, size);
        CHECK(without_outside(cut) == "it said (not logged)");
        CHECK(without_marks(cut).find('\x0E') == std::string::npos);
    }
}

TEST_CASE("outside text: escaped names cannot forge marks") {
    const std::string name = dbbackup::base::printable("a\x0E\x1F"
                                                       "b\x0F");
    CHECK(without_marks(name) == name);
    CHECK(without_outside(name) == name);
}
