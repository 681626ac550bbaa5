#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Does a kernel whose clock can be moved still give the answers about time that tests/answers keeps? CTREPLAY_ORACLE names
# a program that asks one; ../shared/uml/uml-oracle beside the tree unless said otherwise. Skips aloud without.
top=$(cd "$(dirname "$0")/../.." && pwd)
: "${CTREPLAY_ORACLE:=$top/../shared/uml/uml-oracle}"
[ -x "$CTREPLAY_ORACLE" ] || { echo "1..0 # SKIP there is no $CTREPLAY_ORACLE"; exit 0; }
export CTREPLAY_ORACLE
exec "$top/tests/run-answers" --oracle "$@"
