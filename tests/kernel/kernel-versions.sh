#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Is `--kernel 6.1` like Linux 6.1, and 6.12 like 6.12? Some of tests/answers, asked of these kernels through the program that
# CTREPLAY_ORACLE names (../shared/uml/uml-oracle beside the tree unless said otherwise). Skips aloud without.
top=$(cd "$(dirname "$0")/../.." && pwd)
: "${CTREPLAY_ORACLE:=$top/../shared/uml/uml-oracle}"
[ -x "$CTREPLAY_ORACLE" ] || { echo "1..0 # SKIP there is no $CTREPLAY_ORACLE"; exit 0; }
export CTREPLAY_ORACLE
[ $# -gt 0 ] || set -- tcp-flags tcp-options tcp-ignore-invalid-rst tcp-retransmissions sctp timeouts checksums
for table; do
	shift
	set -- "$@" "$table@6.1" "$table@6.12"
done
exec "$top/tests/run-answers" --versions "$@"
