#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# firewall-tools.sh: what ferm, firewalld, shorewall and ufw load for the server of docs/examples/firewalls, asked of the tools that
# are installed here, meets the expectations of its suite, as the rules that were recorded do. Prints TAP; skips aloud what is not
# here, and everything where no namespace can be made (root). None of the tools is installed for this test: they would guard the
# machine from then on.

set -u
LC_ALL=C; export LC_ALL
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
ctreplay=${CTREPLAY:-$PWD/ctreplay}
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
PATH=$PATH:/usr/sbin:/sbin; export PATH
unshare --net --mount --pid --fork --kill-child --mount-proc true 2>/dev/null || { echo "1..0 # SKIP no namespace can be made here"; exit 0; }

cp -R "$top/docs/examples/firewalls/." "$work"
cd "$work" || exit 99
n=0
n_failed=0
for tool in ferm firewalld shorewall ufw; do
	n=$((n + 1))
	if ! command -v $tool >/dev/null 2>&1; then
		echo "ok $n - $tool # SKIP it is not here"
		continue
	fi
	# What another one has would pass as well.
	echo >$tool.rules
	./record $tool >$tool.rules 2>said && "$ctreplay" test server.json --filter $tool >>said 2>&1
	if [ $? -eq 0 ]; then
		echo "ok $n - $(sed -n '1s/^# What \(.*\) loads.*/\1/p' $tool.rules)"
	else
		n_failed=$((n_failed + 1))
		echo "not ok $n - $tool"
		sed 's/^/# /' said
	fi
done
echo "1..$n"
[ "$n_failed" -eq 0 ]
