#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The include direction: a folder includes itself and the folders below it, nothing else
# (the table of docs/architecture.md). Names are "folder/file.h", relative to src.

cd "${srcdir:-.}" || exit 99

find src -type f -name '*.[ch]' -exec grep -Hn '^[ 	]*#[ 	]*include[ 	]*"' {} + | LC_ALL=C sort | awk '
# These files of cli may also include these folders and headers.
function grant(files, names,   file, name, n, k) {
	n_grants++
	for (n = split(files, file, " "); n; n--) {
		unused[n_grants, file[n]] = file[n] " asks for nothing of what it is granted with others: " names
		for (k = split(names, name, " "); k; k--) {
			granted["cli/" file[n], name[k]] = n_grants
			unused[n_grants, name[k]] = name[k] " is granted to files that do not ask for it: " files
		}
	}
}
# Is it granted to this file, as a folder or as one header?
function is_granted(file, name) {
	if (!((file, name) in granted))
		return 0
	delete unused[granted[file, name], name]
	delete unused[granted[file, name], substr(file, 5)]
	return 1
}
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
	may["api"] = "base packet clock event capture sink suite replay"
	# The program: commands replay through the header of the library, and their options are the tables of replay/options.h. What a few
	# files know beside it; docs/library.md says why.
	may["cli"] = "base api/ctreplay.h replay/options.h"
	# results of suites, as reports print them; the names of diagrams
	grant("command/test.c test_jobs.h", "suite/report.h suite/results.h")
	grant("command/diagram.c", "picture/diagrams.h")
	# how formats print and write
	grant("command/coverage.c command/diff.c command/test.c coverage_print.c difference_print.c rule_words.c rule_words.h step_panes.c topics.c", "sink")
	# files that are read beside a replay: sheets, suites, scripts, captures
	grant("command/craft.c command/lab.c command/test.c describe.c test_plan.c", "replay/rules_files.h")
	grant("command/craft.c play.c", "capture")
	# tables that `list` and `help` print
	grant("list_states.c topics.c", "conntrack/helper.h conntrack/profile.h conntrack/settings.h conntrack/tracker.h" \
		" conntrack/tracker/dccp_states.h conntrack/tracker/sctp_states.h conntrack/tracker/tcp_states.h" \
		" host/hooks.h host/host_settings.h rules/annotation.h rules/extension.h rules/lint.h rules/options.h")
	# rules that meet no packet
	grant("command/check.c", "replay/rules_files.h rules/lint.h")
	# the kernel is asked, and what it says is compared, event by event, with what a replay of the library says in words
	grant("answers.c answers.h compare.c compare.h compare_clock.c compare_clock.h compare_doubt.h compare_report.c drawn_ports.h" \
	      " kernel_counters.h kernel_show.h kernel_side.c kernel_side.h our_side.c our_side.h places.h plan.h remote.h verify_options.h" \
	      " command/verify.c", "event kernel packet sink")
	# and shown in the formats of --out, which hear its events then
	grant("kernel_show.h verify_options.c verify_options.h command/verify.c", "replay/outputs.h replay/run_options.h")
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
	if (name == "config.h" || name == "docdir.inc" || name == "pkgdatadir.inc" || name ~ /^(registry|report|manual)_[a-z]+\.inc$/)
		next
	if (!(folder in may))
		wrong[++n] = file ":" line ": the folder " folder " has no place in the layer table"
	else if (!slash)
		wrong[++n] = file ":" line ": \"" name "\" is to be written \"folder/file.h\""
	else if (!((folder, target) in allowed) && !((folder, name) in allowed) && !is_granted(substr(file, 5), target) &&
		 !is_granted(substr(file, 5), name))
		wrong[++n] = file ":" line ": " folder " may not include \"" name "\""
}
END {
	print "1..3"
	print n_seen ? "ok 1 - there are includes to look at" : "not ok 1 - there are includes to look at"
	print (n ? "not ok" : "ok") " 2 - every folder includes only itself and the folders below it"
	for (i = 1; i <= n; i++)
		print "# " wrong[i]
	for (key in unused)
		idle = idle "# " unused[key] "\n"
	print (idle ? "not ok" : "ok") " 3 - no file of the program is granted what it does not ask for"
	printf "%s", idle
}'
