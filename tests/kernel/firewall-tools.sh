#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# firewall-tools.sh: what ferm, firewalld, shorewall and ufw load for the server of docs/examples/firewalls, asked of the tools that
# are installed here, meets the expectations of its suite, as the rules that were recorded do. Prints TAP; skips aloud what is not
# here, and everything where no namespace can be made (root). None of the tools is installed for this test: they would guard the
# machine from then on.

. "$(dirname "$0")/../tap"
need ctreplay
PATH=$PATH:/usr/sbin:/sbin; export PATH
unshare --net --mount --pid --fork --kill-child --mount-proc true 2>/dev/null || skip_all "no namespace can be made here"

cp -R "$source/docs/examples/firewalls/." "$work"
cd "$work" || exit 99
for tool in ferm firewalld shorewall ufw; do
	if ! command -v $tool >/dev/null 2>&1; then
		skip "$tool" "it is not here"
		continue
	fi
	# What another one has would pass as well.
	echo >$tool.rules
	./record $tool >$tool.rules 2>said && "$ctreplay" test server.json --filter $tool >>said 2>&1
	status=$?
	tell $status "$tool: $(sed -n '1s/^# What \(.*\) loads.*/\1/p' $tool.rules)"
	[ $status -eq 0 ] || show said
done
finish
