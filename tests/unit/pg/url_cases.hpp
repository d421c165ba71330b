#pragma once

// The tables of URLs, good and bad, that test_connection_url.cpp goes through.

#include <string>
#include <vector>

namespace dbbackup::test {

struct Valid {
    std::string url;
    std::string parameters; ///< as in_order() gives them
};

// Each of them must come out of libpq with the same parameters.
inline const std::vector<Valid> k_valid = {
    // The usual forms.
    {"postgres://h/db", "host=h|dbname=db"},
    {"postgresql://h/db", "host=h|dbname=db"},
    {"postgresql://u@h/db", "user=u|host=h|dbname=db"},
    {"postgresql://u:p@h:5433/db", "user=u|password=p|host=h|port=5433|dbname=db"},
    {"postgresql://u:@h/db", "user=u|host=h|dbname=db"},
    {"postgresql://:p@h/db", "password=p|host=h|dbname=db"},
    {"postgresql://@h/db", "host=h|dbname=db"},
    {"postgresql://h:/db", "host=h|dbname=db"},
    {"postgresql://h:1/db", "host=h|port=1|dbname=db"},
    {"postgresql://h:65535/db", "host=h|port=65535|dbname=db"},
    {"postgresql://h:05432/db", "host=h|port=05432|dbname=db"},
    {"postgresql://127.0.0.1/db", "host=127.0.0.1|dbname=db"},
    {"postgresql://DB.Example.COM/db", "host=DB.Example.COM|dbname=db"},
    {"postgresql:///db", "dbname=db"},
    {"postgresql://:5433/db", "port=5433|dbname=db"},
    {"postgresql://u@/db", "user=u|dbname=db"},
    {"postgresql://u:p@:5433/db", "user=u|password=p|port=5433|dbname=db"},
    {"postgresql://h/db?", "host=h|dbname=db"},
    {"postgresql://h/db?sslmode=require&", "host=h|dbname=db|sslmode=require"},
    {"postgresql://?dbname=db", "dbname=db"},
    {"postgresql://h?dbname=db", "host=h|dbname=db"},
    {"postgresql://h/?dbname=db", "host=h|dbname=db"},
    {"postgresql://h:5433?dbname=db", "host=h|port=5433|dbname=db"},
    {"postgresql://u@h?dbname=db", "user=u|host=h|dbname=db"},

    // IPv6.
    {"postgresql://[::1]/db", "host=::1|dbname=db"},
    {"postgresql://[::1]:5433/db", "host=::1|port=5433|dbname=db"},
    {"postgresql://u:p@[2001:db8::1]:5433/db",
     "user=u|password=p|host=2001:db8::1|port=5433|dbname=db"},
    {"postgresql://[fe80::1%25eth0]/db", "host=fe80::1%eth0|dbname=db"},
    {"postgresql://[::1],[::2]:2/db", "host=::1,::2|port=,2|dbname=db"},
    {"postgresql://[::1]?dbname=db", "host=::1|dbname=db"},

    // Several hosts.
    {"postgresql://h1,h2/db", "host=h1,h2|port=,|dbname=db"},
    {"postgresql://h1:1,h2:2/db", "host=h1,h2|port=1,2|dbname=db"},
    {"postgresql://h1:1,h2/db", "host=h1,h2|port=1,|dbname=db"},
    {"postgresql://h1,h2:2/db", "host=h1,h2|port=,2|dbname=db"},
    {"postgresql://u:p@h1:1,h2:2,h3:3/db?target_session_attrs=read-write",
     "user=u|password=p|host=h1,h2,h3|port=1,2,3|dbname=db|target_session_attrs=read-write"},
    {"postgresql://:1,:2/db", "host=,|port=1,2|dbname=db"},
    {"postgresql:///db?host=h1,h2&port=1,2", "dbname=db|host=h1,h2|port=1,2"},
    {"postgresql:///db?host=h1,h2&port=1", "dbname=db|host=h1,h2|port=1"},
    {"postgresql://h/db?hostaddr=10.0.0.1,10.0.0.2&host=a,b&port=1,2",
     "host=a,b|dbname=db|hostaddr=10.0.0.1,10.0.0.2|port=1,2"},

    // Unix sockets.
    {"postgresql://%2Fvar%2Frun%2Fpostgresql/db", "host=/var/run/postgresql|dbname=db"},
    {"postgresql://u@%2Ftmp%2Fs:5433/db", "user=u|host=/tmp/s|port=5433|dbname=db"},
    {"postgresql:///db?host=/var/run/postgresql", "dbname=db|host=/var/run/postgresql"},
    {"postgresql:///db?host=%2Frun%2Fuser%401000", "dbname=db|host=/run/user@1000"},
    {"postgresql://u:p@localhost/db?host=/cloudsql/p:r:i",
     "user=u|password=p|host=/cloudsql/p:r:i|dbname=db"},
    {"postgresql://%40abstract/db", "host=@abstract|dbname=db"},
    {"postgresql:///db?host=@abstract", "dbname=db|host=@abstract"},

    // Percent-encoding, in every part.
    {"postgresql://%75:%70@%68:%35%34/%64%62", "user=u|password=p|host=h|port=54|dbname=db"},
    {"postgresql://u%40corp:p%2f%2F@h/db", "user=u@corp|password=p//|host=h|dbname=db"},
    {"postgresql://u%3Aer:%25%25@h/db", "user=u:er|password=%%|host=h|dbname=db"},
    {"postgresql://u%3Fx@h/db", "user=u?x|host=h|dbname=db"},
    {"postgresql://h1%2Ch2/db", "host=h1,h2|dbname=db"},
    {"postgresql://h/db?%73slmode=%72equire", "host=h|dbname=db|sslmode=require"},
    {"postgresql://h/db?options=-c%20search_path%3Da%26b",
     "host=h|dbname=db|options=-c search_path=a&b"},
    {"postgresql://h/db?application_name=a+b", "host=h|dbname=db|application_name=a+b"},
    {"postgresql://u:%ff%FE@h/db", "user=u|password=\xff\xfe|host=h|dbname=db"},
    {"postgresql://u:p w@h/d b", "user=u|password=p w|host=h|dbname=d b"},

    // Passwords that look like something else.
    {"postgresql://u:p:w@h/db", "user=u|password=p:w|host=h|dbname=db"},
    {"postgresql://u:p#w@h/db", "user=u|password=p#w|host=h|dbname=db"},
    {"postgresql://u:p?w=1&x@h/db", "user=u|password=p?w=1&x|host=h|dbname=db"},
    {"postgresql://u:[p]w,@h/db", "user=u|password=[p]w,|host=h|dbname=db"},
    {"postgresql://u:5432@h/db", "user=u|password=5432|host=h|dbname=db"},

    // libpq's own parameters survive.
    {"postgresql://h/db?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem",
     "host=h|dbname=db|sslmode=verify-full|sslrootcert=/ca.pem|sslcert=/c.pem|sslkey=/k.pem"},
    {"postgresql://h/db?sslpassword=s&sslcrl=/l&sslsni=0",
     "host=h|dbname=db|sslpassword=s|sslcrl=/l|sslsni=0"},
    {"postgresql://h/db?connect_timeout=10&keepalives=1&keepalives_idle=5&tcp_user_timeout=9",
     "host=h|dbname=db|connect_timeout=10|keepalives=1|keepalives_idle=5|tcp_user_timeout=9"},
    {"postgresql://h/db?channel_binding=require&gssencmode=disable&krbsrvname=pg",
     "host=h|dbname=db|channel_binding=require|gssencmode=disable|krbsrvname=pg"},
    {"postgresql://h/db?passfile=/p&service=s&client_encoding=UTF8",
     "host=h|dbname=db|passfile=/p|service=s|client_encoding=UTF8"},
    {"postgresql:///db?service=s&port=1,2", "dbname=db|service=s|port=1,2"},
    {"postgresql://h/db?fallback_application_name=x",
     "host=h|dbname=db|fallback_application_name=x"},
    {"postgresql://h/db?application_name=me@host", "host=h|dbname=db|application_name=me@host"},

    // The query overrides, the last value counts, and JDBC's ssl=true is known.
    {"postgresql://u:p@h:1/db?user=v&password=q&host=i&port=2",
     "user=v|password=q|host=i|port=2|dbname=db"},
    {"postgresql://h/db?sslmode=disable&sslmode=require", "host=h|dbname=db|sslmode=require"},
    {"postgresql://h/db?dbname=db", "host=h|dbname=db"},
    {"postgresql://h/db?ssl=true", "host=h|dbname=db|sslmode=require"},
    {"postgresql://h/db?ssl=true&sslmode=verify-full", "host=h|dbname=db|sslmode=verify-full"},
    {"postgresql://h/db?sslmode=verify-full&ssl=true", "host=h|dbname=db|sslmode=require"},
    {"postgresql://h/db?ssl=%74rue", "host=h|dbname=db|sslmode=require"},
    {"postgresql://h/db?sslmode=&options=", "host=h|dbname=db"},

    // Database names that look like something else.
    {"postgresql://h/a=b", "host=h|dbname=a=b"},
    {"postgresql://h/postgresql:%2F%2Fx", "host=h|dbname=postgresql://x"},
    {"postgresql://h/postgresql%3A%2F%2Fx%2Fy", "host=h|dbname=postgresql://x/y"},
    {"postgresql://h/?dbname=postgresql%3A%2F%2Fx", "host=h|dbname=postgresql://x"},
    {"postgresql://h/?dbname=a/b", "host=h|dbname=a/b"},
    {"postgresql://h/host=x%20port=1", "host=h|dbname=host=x port=1"},
    {"postgresql://h/it's", "host=h|dbname=it's"},
    {"postgresql://h/%22q%22", "host=h|dbname=\"q\""},
    {"postgresql://h/a%5Cb\\c", "host=h|dbname=a\\b\\c"},
    {"postgresql://h/line%0Aend", "host=h|dbname=line\nend"},
    {"postgresql://h/%20", "host=h|dbname= "},
    {"postgresql://h/%2e%2e%2fetc", "host=h|dbname=../etc"},
    {"postgresql://h/-d", "host=h|dbname=-d"},
    {"postgresql://h/$(id);`id`", "host=h|dbname=$(id);`id`"},
    {"postgresql://h/db#part", "host=h|dbname=db#part"},
    {"postgresql://h/m%C3%BCnchen", "host=h|dbname=m\xc3\xbcnchen"},
    {"postgresql://h/m\xc3\xbcnchen", "host=h|dbname=m\xc3\xbcnchen"},
    {"postgresql://h/%F0%9F%90%98", "host=h|dbname=\xf0\x9f\x90\x98"},
    {"postgresql://h/" + std::string(63, 'x'), "host=h|dbname=" + std::string(63, 'x')},
};

struct WithDropped {
    std::string url;
    std::string parameters;
    std::string dropped;
};

// libpq itself refuses a URL with a parameter that it does not know, so it has no say here.
inline const std::vector<WithDropped> k_with_dropped = {
    {"postgresql://h/db?schema=public", "host=h|dbname=db", "schema"},
    {"postgresql://u:p@h:5432/db?schema=s&connection_limit=5&pool_timeout=2&socket_timeout=3",
     "user=u|password=p|host=h|port=5432|dbname=db",
     "schema,connection_limit,pool_timeout,socket_timeout"},
    {"postgresql://h/db?pgbouncer=true&statement_cache_size=0&sslmode=require",
     "host=h|dbname=db|sslmode=require", "pgbouncer,statement_cache_size"},
    {"postgresql://h/db?sslidentity=x&sslaccept=strict", "host=h|dbname=db",
     "sslidentity,sslaccept"},
    {"postgresql://h/db?prepared_statement_cache_size=0&command_timeout=5", "host=h|dbname=db",
     "prepared_statement_cache_size,command_timeout"},
    {"postgresql://h/db?conn_max_age=600&conn_health_checks=true", "host=h|dbname=db",
     "conn_max_age,conn_health_checks"},
    {"postgresql://h/db?pool=5&encoding=unicode&timeout=5000", "host=h|dbname=db",
     "pool,encoding,timeout"},
    {"postgresql://h/db?sslfactory=org.postgresql.ssl.NonValidatingFactory&currentSchema=s",
     "host=h|dbname=db", "sslfactory,currentSchema"},
    {"postgresql://h/db?uselibpqcompat=true&sslmode=require", "host=h|dbname=db|sslmode=require",
     "uselibpqcompat"},
    {"postgresql://h/db?supa=base-pooler.x&workaround=supabase-pooler.vercel", "host=h|dbname=db",
     "supa,workaround"},
    {"postgresql://h/db?pool_mode=session&max-conns=3&a.b=c", "host=h|dbname=db",
     "pool_mode,max-conns,a.b"},
    {"postgresql://h/db?ssl=false", "host=h|dbname=db", "ssl"},
    {"postgresql://h/db?ssl=1&sslmode=prefer", "host=h|dbname=db|sslmode=prefer", "ssl"},
    {"postgresql://h/db?ssl=True", "host=h|dbname=db", "ssl"},
    {"postgresql://h/db?SSLMODE=require", "host=h|dbname=db", "SSLMODE"},
    {"postgresql://h/db?x=1&y=2&x=3", "host=h|dbname=db", "x,y"},
    {"postgresql://h/db?schema=", "host=h|dbname=db", "schema"},
    {"postgresql://h/db?replication=database", "host=h|dbname=db", "replication"},
    {"postgresql://h/db?%73chema=public", "host=h|dbname=db", "schema"},
    // Names that are no names stay hidden: they can be a piece of a password.
    {"postgresql://h/db?Q7%20Q7=1", "host=h|dbname=db", "(a name that is not shown)"},
    {"postgresql://h/db?Q7!=1&Q7%0A=2&=3", "host=h|dbname=db", "(a name that is not shown)"},
    {"postgresql://h/db?Q7%40Q7=1", "host=h|dbname=db", "(a name that is not shown)"},
    {"postgresql://h/db?Q7\xc3\xbc=1&ok=1", "host=h|dbname=db", "(a name that is not shown),ok"},
    {"postgresql://h/db?" + std::string(40, 'x') + "=1", "host=h|dbname=db", std::string(40, 'x')},
    {"postgresql://h/db?" + std::string(41, 'x') + "=1", "host=h|dbname=db",
     "(a name that is not shown)"},
};

struct Refused {
    std::string url; ///< every piece of it that can be secret has "Q7" in it
    std::string message;
};

inline const std::vector<Refused> k_refused = {
    {"", "is empty"},
    // Schemes.
    {"Q7", "does not begin with postgresql://"},
    {"dbname=Q7", "does not begin with"},
    {"://uQ7:pQ7@hQ7/dQ7", "does not begin with"},
    {"mysql://uQ7:pQ7@hQ7/dQ7", "does not begin with"},
    {"POSTGRES://uQ7:pQ7@hQ7/dQ7", "does not begin with"},
    {"Postgresql://uQ7:pQ7@hQ7/dQ7", "does not begin with"},
    {"postgresql:/uQ7:pQ7@hQ7/dQ7", "does not begin with"},
    {"postgresql:uQ7:pQ7@hQ7/dQ7", "does not begin with"},
    {"postgresql+psycopg2://uQ7:pQ7@hQ7/dQ7", "does not begin with"},
    {"postgresql+asyncpg://uQ7:pQ7@hQ7/dQ7", "does not begin with"},
    {"postgis://uQ7:pQ7@hQ7/dQ7", "does not begin with"},
    {"jdbc:postgresql://hQ7/dQ7?user=uQ7&password=pQ7", "does not begin with"},
    {"prisma+postgres://hQ7/?api_key=pQ7", "does not begin with"},
    {"\"postgresql://uQ7:pQ7@hQ7/dQ7\"", "does not begin with"},
    {"DATABASE_URL=postgresql://uQ7:pQ7@hQ7/dQ7", "does not begin with"},
    // Stray characters.
    {" postgresql://uQ7:pQ7@hQ7/dQ7", "begins or ends with a space"},
    {"postgresql://uQ7:pQ7@hQ7/dQ7 ", "begins or ends with a space"},
    {"postgresql://uQ7:pQ7@hQ7/dQ7\n", "control character"},
    {"postgresql://uQ7:pQ7@hQ7/dQ7\r\n", "control character"},
    {"postgresql://uQ7:p\tQ7@hQ7/dQ7", "control character"},
    {"postgresql://uQ7:p\x1bQ7@hQ7/dQ7", "control character"},
    {"postgresql://uQ7:p\x7fQ7@hQ7/dQ7", "control character"},
    {std::string{"postgresql://uQ7:pQ7@hQ7/dQ7"} + '\0' + "Q7", "control character"},
    // Database names.
    {"postgresql://", "names no database"},
    {"postgresql://hQ7", "names no database"},
    {"postgresql://hQ7/", "names no database"},
    {"postgresql://uQ7:pQ7@hQ7:5432/", "names no database"},
    {"postgresql://uQ7:pQ7@hQ7:5432/?sslmode=require", "names no database"},
    {"postgresql://hQ7/?dbname=", "names no database"},
    {"postgresql://hQ7?dbnameQ7=dQ7", "names no database"},
    {"postgresql://hQ7/" + std::string(62, 'd') + "Q7", "longer than 63 bytes"},
    {"postgresql://hQ7/Q7" + std::string(60, 'd') + "%C3%BC", "longer than 63 bytes"},
    {"postgresql://hQ7/Q7" + std::string(1000, 'd'), "longer than 63 bytes"},
    {"postgresql://hQ7/?dbname=Q7" + std::string(62, 'd'), "longer than 63 bytes"},
    {"postgresql://hQ7/dQ7%ff", "not valid UTF-8"},
    {"postgresql://hQ7/dQ7%C3", "not valid UTF-8"},
    {"postgresql://hQ7/dQ7\xed\xa0\x80", "not valid UTF-8"},
    {"postgresql://hQ7/dQ7%C0%AF", "not valid UTF-8"},
    {"postgresql://hQ7/dQ7/eQ7", "unencoded '/'"},
    {"postgresql://hQ7//dQ7", "unencoded '/'"},
    {"postgresql://hQ7/dQ7/", "unencoded '/'"},
    {"postgresql://hQ7/dQ7@eQ7", "unencoded '/' or '@'"},
    {"postgresql://hQ7/dQ7?dbname=eQ7", "two different databases"},
    {"postgresql://hQ7/?dbname=dQ7&dbname=eQ7", "two different databases"},
    // Ports.
    {"postgresql://hQ7:0/dQ7", "not a number from 1 to 65535"},
    {"postgresql://hQ7:65536/dQ7", "not a number"},
    {"postgresql://hQ7:99999999999999999999/dQ7", "not a number"},
    {"postgresql://hQ7:-1/dQ7", "not a number"},
    {"postgresql://hQ7:+1/dQ7", "not a number"},
    {"postgresql://hQ7:%205432/dQ7", "not a number"},
    {"postgresql://hQ7:0x10/dQ7", "not a number"},
    {"postgresql://hQ7:5432:5432/dQ7", "not a number"},
    {"postgresql://hQ7:pQ7/dQ7", "not a number"},
    {"postgresql://hQ7:1,iQ7:pQ7/dQ7", "not a number"},
    {"postgresql://hQ7/dQ7?port=pQ7", "not a number"},
    {"postgresql://hQ7:pQ7/dQ7?port=5432", "not a number"},
    {"postgresql://2001:db8:Q7::1/dQ7", "not a number"},
    {"postgresql://hQ7:1,iQ7:2,jQ7:3/dQ7?port=1,2", "one port for each"},
    {"postgresql://hQ7/dQ7?port=1,2", "one port for each"},
    {"postgresql:///dQ7?port=1,2", "one port for each"},
    {"postgresql://hQ7:1,iQ7:2/dQ7?hostaddr=10.0.0.1", "one port for each"},
    // Unencoded characters in a password.
    {"postgresql://uQ7:pQ7@pQ7@hQ7/dQ7", "more than one '@'"},
    {"postgresql://uQ7:pQ7@@hQ7/dQ7", "more than one '@'"},
    {"postgresql://uQ7:pQ7@#Q7@hQ7:5432/dQ7", "more than one '@'"},
    {"postgresql://uQ7:pQ7@Q7:pQ7@hQ7/dQ7", "more than one '@'"},
    {"postgresql://uQ7:pQ7@1,2@hQ7/dQ7", "more than one '@'"},
    {"postgresql://uQ7@cQ7:pQ7@hQ7/dQ7", "more than one '@'"},
    {"postgresql://uQ7:pQ7@[Q7@::1]/dQ7", "more than one '@'"},
    {"postgresql://uQ7:pQ7/Q7@hQ7/dQ7", "unencoded '/' or '@'"},
    {"postgresql://uQ7:12/Q7@hQ7/dQ7", "unencoded '/' or '@'"},
    {"postgresql://uQ7:12/Q7?@hQ7/dQ7", "not of the form NAME=VALUE"},
    {"postgresql://uQ7:12/Q7?x=Q7@hQ7/dQ7", "unknown query parameter"},
    {"postgresql://uQ7:12/Q7?Q7@hQ7/dQ7=", "unknown query parameter"},
    {"postgresql://uQ7:p@Q7/Q7?x=Q7@hQ7", "unknown query parameter"},
    {"postgresql://uQ7:pQ7@1?Q7@hQ7/dQ7", "not of the form NAME=VALUE"},
    {"postgresql://uQ7:pQ7@Q7%40hQ7/dQ7", "host in the database URL holds an '@'"},
    {"postgresql://hQ7/dQ7?host=pQ7@iQ7", "host in the database URL holds an '@'"},
    {"postgresql://hQ7/dQ7?host=iQ7,pQ7@jQ7", "host in the database URL holds an '@'"},
    {"postgresql://hQ7?dbname=dQ7&password=pQ7@Q7/eQ7",
     "user name in the database URL holds a '?'"},
    // IPv6.
    {"postgresql://[Q7::1/dQ7", "IPv6"},
    {"postgresql://[]/dQ7", "IPv6"},
    {"postgresql://[Q7::1]Q7/dQ7", "goes on wrongly after an IPv6"},
    // Percent-encoding.
    {"postgresql://uQ7:p%zzQ7@hQ7/dQ7", "the password in the URL has a '%'"},
    {"postgresql://uQ7:pQ7%@hQ7/dQ7", "the password in the URL has a '%'"},
    {"postgresql://uQ7:pQ7%4@hQ7/dQ7", "the password in the URL has a '%'"},
    {"postgresql://uQ7:pQ7%+4@hQ7/dQ7", "the password in the URL has a '%'"},
    {"postgresql://uQ7%:pQ7@hQ7/dQ7", "the user name in the URL has a '%'"},
    {"postgresql://hQ7%/dQ7", "the host in the URL has a '%'"},
    {"postgresql://hQ7:5%4/dQ7", "the port in the URL has a '%'"},
    {"postgresql://hQ7/dQ7%", "the database name in the URL has a '%'"},
    {"postgresql://hQ7/dQ7%0", "the database name in the URL has a '%'"},
    {"postgresql://hQ7/dQ7?Q7%=1", "a query parameter in the URL has a '%'"},
    {"postgresql://hQ7/dQ7?x=%Q7", "a query parameter in the URL has a '%'"},
    {"postgresql://hQ7/dQ7%00Q7", "%00"},
    {"postgresql://uQ7:pQ7%00@hQ7/dQ7", "%00"},
    {"postgresql://hQ7/dQ7?sslmode=%00Q7", "%00"},
    // Queries.
    {"postgresql://hQ7/dQ7?Q7", "not of the form NAME=VALUE"},
    {"postgresql://hQ7/dQ7?sslmode=require&Q7", "not of the form NAME=VALUE"},
    {"postgresql://hQ7/dQ7?sslmode=require&&x=Q7", "not of the form NAME=VALUE"},
    {"postgresql://hQ7/dQ7?&x=Q7", "not of the form NAME=VALUE"},
    {"postgresql://hQ7/dQ7?password=Q7=Q7", "not of the form NAME=VALUE"},
    {"postgresql://hQ7/dQ7?options=-c search_path=Q7", "not of the form NAME=VALUE"},
    {"postgresql://hQ7/dQ7?sslmode=require?x=Q7", "not of the form NAME=VALUE"},
};

} // namespace dbbackup::test
