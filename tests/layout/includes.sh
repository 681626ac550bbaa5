#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The include direction: a folder includes itself and the folders below it, nothing else
# (the table of docs/architecture.md). Names are "folder/file.h", relative to src.

cd "${srcdir:-.}" || exit 99

find src -type f -name '*.[ch]' -exec grep -Hn '^[ 	]*#[ 	]*include[ 	]*"' {} + | LC_ALL=C sort | awk '
BEGIN {
	may["base"] = ""
	may["packet"] = "base clock/vtime.h"	# a packet has a time
	may["clock"] = "base"
	may["event"] = "base packet clock"
	may["conntrack"] = "base packet clock event"
	may["nat"] = "base packet clock event conntrack"
	may["rules"] = "base packet clock event conntrack nat/range.h"
	may["host"] = "base packet clock event conntrack nat rules"
	may["capture"] = "base packet clock"
	may["sink"] = "base packet clock event"
	# pictures show the state machines that the simulation runs on
	may["picture"] = "base packet clock event sink conntrack/tracker/tcp_states.h conntrack/tracker/sctp_states.h"
	may["kernel"] = "base packet clock event"
	may["suite"] = "base packet clock event capture/filter.h sink"
	may["replay"] = "base packet clock event conntrack rules host capture sink"
	may["api"] = "base packet clock event capture replay"
	# Commands replay through replay/, as the library does. Of the engine below it they may know its tables, for what they list and
	# explain; rules that meet no packet; and networks, for packets that are made up.
	may["cli"] = "base packet clock event capture sink picture kernel suite replay" \
		" conntrack/helper.h conntrack/profile.h conntrack/settings.h conntrack/tracker.h" \
		" conntrack/tracker/dccp_states.h conntrack/tracker/sctp_states.h conntrack/tracker/tcp_states.h host/hooks.h host/host_settings.h" \
		" rules/annotation.h rules/extension.h rules/lint.h rules/options.h" \
		" rules/cover.h rules/extent.h rules/ruleset.h rules/ipset/ipset.h" \
		" host/fib.h host/topology.h"
	# The two that drive a simulator themselves: docs/library.md says why.
	may["cli/command/diff.c"] = "host/simulator.h"
	may["cli/command/verify.c"] = "host/simulator.h"
	for (folder in may) {
		n_allowed = split(may[folder], word, " ")
		for (i = 1; i <= n_allowed; i++)
			allowed[folder, word[i]] = 1
		allowed[folder, folder] = 1
	}
}
{
	split($0, part, ":")
	file = part[1]
	line = part[2]
	split(file, piece, "/")
	folder = piece[2]
	name = $0
	sub(/^[^"]*"/, "", name)
	sub(/".*$/, "", name)
	slash = index(name, "/")
	target = slash ? substr(name, 1, slash - 1) : ""
	n_seen++
	if (name == "config.h" || name == "pkgdatadir.inc" || name ~ /^(registry|report|manual)_[a-z]+\.inc$/)
		next
	if (!(folder in may))
		wrong[++n] = file ":" line ": the folder " folder " has no place in the layer table"
	else if (!slash)
		wrong[++n] = file ":" line ": \"" name "\" is to be written \"folder/file.h\""
	else if (!((folder, target) in allowed) && !((folder, name) in allowed) && !((substr(file, 5), name) in allowed))
		wrong[++n] = file ":" line ": " folder " may not include \"" name "\""
}
END {
	print "1..2"
	print n_seen ? "ok 1 - there are includes to look at" : "not ok 1 - there are includes to look at"
	print (n ? "not ok" : "ok") " 2 - every folder includes only itself and the folders below it"
	for (i = 1; i <= n; i++)
		print "# " wrong[i]
}'
