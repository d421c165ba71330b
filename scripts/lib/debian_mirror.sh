# shellcheck shell=bash
# Sourced by scripts that install packages of another Debian.
#
#   find_debian_mirror    prints DBBACKUP_DEBIAN_MIRROR, or else the mirror that this machine's apt uses

find_debian_mirror() {
    local mirror=${DBBACKUP_DEBIAN_MIRROR:-}
    if [[ -z $mirror ]]; then
        # In either format of apt's lists.
        mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{sources,list} 2> /dev/null |
            awk '$1 == "URIs:" || $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:.*\/debian\/?$/) print $i }') || true
        mirror=${mirror%%$'\n'*}
    fi
    if [[ -z $mirror ]]; then
        echo "apt uses no Debian mirror here; name one with DBBACKUP_DEBIAN_MIRROR=URL" >&2
        return 1
    fi
    echo "$mirror"
}
