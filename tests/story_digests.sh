#!/bin/sh
# One line for each folder of a story that was played: the SHA-256 of the names and SHA-256 of its
# files. Left out: databases, whose pages are SQLite's own matter (what they hold is in the bundles),
# and what is written for people alone.
#
#     sh tests/story_digests.sh FOLDER
set -eu
export LC_ALL=C
cd "$1"
find . -type f ! -name '*.db' ! -name '*.txt' ! -name '*.log' -printf '%h\n' | sort -u |
    while read -r folder; do
        find "$folder" -maxdepth 1 -type f ! -name '*.db' ! -name '*.txt' ! -name '*.log' | sort |
            xargs sha256sum | sha256sum | sed "s|-|$folder|"
    done
