# dbbackup with PostgreSQL's clients, for cron jobs and pre-deploy hooks in containers:
#
#     docker build -t dbbackup .
#     docker run --rm -e DATABASE_URL -v /srv/dumps:/dumps dbbackup dump
#
# POSTGRES_MAJOR must be that of your server or later. Debian 13 has 17; others come from
# apt.postgresql.org. With the server's package too, drills (`verify --restore`) start a server of
# their own.
ARG POSTGRES_MAJOR=17

FROM debian:13 AS build
WORKDIR /src
COPY . .
RUN scripts/setup && install -D -t /out "$(scripts/package)"

FROM debian:13-slim
ARG POSTGRES_MAJOR
# The package names the libraries that the program needs. The server's package must not make a database.
COPY --from=build /out/ /tmp/
RUN mkdir -p /etc/postgresql-common/createcluster.d \
 && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/dbbackup.conf \
 && apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates postgresql-common \
 && if ! apt-cache show "postgresql-$POSTGRES_MAJOR" > /dev/null 2>&1; then \
        /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y; \
    fi \
 && apt-get install -y --no-install-recommends /tmp/dbbackup_*.deb "postgresql-$POSTGRES_MAJOR" \
 && rm -rf /var/lib/apt/lists/* /tmp/dbbackup_*.deb
RUN useradd --system --uid 70 --home-dir /dumps dbbackup && install -d -o dbbackup -m 0700 /dumps
USER dbbackup
WORKDIR /
VOLUME /dumps
ENTRYPOINT ["dbbackup"]
CMD ["--help"]
