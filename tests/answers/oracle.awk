# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a program that asks another kernel says of a packet (tests/kernel/exact-answers.sh names one), in the words of
# our JSON lines, as far as tell.awk reads them.

/^\{"n": / {
	gsub(/": /, "\":")
	gsub(/, "/, ",\"")
	number = value("n")
	state = value("ctstate")
	direction = tolower(value("ctdir"))
	if (state == "\"NEW\"")
		direction = "\"original\""
	verdict = value("verdict")
	if (verdict == "\"FRAG_QUEUED\"")
		verdict = "\"HELD\""
	entry = index($0, "\"ct\":{") && state != "\"INVALID\"" ? substr($0, index($0, "\"ct\":{") + 5) : "null"
	# A jiffy may have passed: then what is left of a timeout is rounded down, to a second less.
	if (match(entry, /"timeout":(2|9|29|59|119|179|209|299|599|431999)[,}]/))
		entry = substr(entry, 1, RSTART + 9) (substr(entry, RSTART + 10) + 1) substr(entry, RSTART + RLENGTH - 1)
	printf "{\"kind\":\"packet\",\"packet\":%s,\"ctstate\":%s,\"direction\":%s,\"verdict\":%s,\"entry\":%s\n", number,
	       state == "" ? "null" : state, direction == "" ? "null" : direction, verdict, entry
}

function value(name,    at, rest) {
	at = index($0, "\"" name "\":")
	if (!at)
		return ""
	rest = substr($0, at + length(name) + 3)
	return substr(rest, 1, match(rest, /[,}]/) - 1)
}
