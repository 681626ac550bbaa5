# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reads a packet script with questions (packets.awk), then JSON lines about the same packets: prints the answers, a paragraph for
# every row, a line for every answer of the row with all columns that got it, or "always" when it is the only answer.
# With tells=ctstate nothing is said of entries; with tells=seconds not their state.

# member(NAME): what the JSON line has under the name, at its first place; quotes and brackets taken off.
function member(name,    at, rest) {
	at = index($0, "\"" name "\":")
	if (!at)
		return ""
	rest = substr($0, at + length(name) + 3)
	if (rest ~ /^\[/)
		rest = substr(rest, 2, index(rest, "]") - 2)
	else if (rest ~ /^"/)
		rest = substr(rest, 2, index(substr(rest, 2), "\"") - 1)
	else
		rest = substr(rest, 1, match(rest, /[,}]/) - 1)
	gsub(/"/, "", rest)
	return rest == "null" ? "" : rest
}

# with(WORD): behind a space, where there is one.
function with(word) {
	return word == "" ? "" : " " word
}

# Is its entry answered, and for good?
function seen(status) {
	return status ~ /ASSURED/ ? "assured" : status ~ /SEEN_REPLY/ ? "replied" : "unreplied"
}

function answer(    verdict, text) {
	verdict = member("verdict")
	# A kernel does not tell whether a fragment that does not come out is kept or thrown away.
	if (verdict == "HELD" || verdict == "DROP" && member("ctstate") == "")
		return "does not come out"
	text = (verdict == "ACCEPT" ? "" : verdict " ") member("ctstate") with(member("direction"))
	if (tells == "ctstate")
		return text
	if (index($0, "\"entry\":null"))
		return text ($0 ~ /"ctstate":"(INVALID|UNTRACKED)"/ || verdict != "ACCEPT" ? "" : ", and its entry ends")
	if (member("change") == "destroyed")
		return text ", and its entry ends"
	return text (tells == "seconds" ? "" : with(member("state"))) with(member("timeout")) with(seen(member("status")))
}

FNR == 1 { file++ }
file == 1 && /^[0-9+]/ {
	n_packets++
	if (split($0, parts, /\t#\? /) == 2)
		question[n_packets] = parts[2]
	next
}
file == 2 && /^\{"kind":"packet"/ {
	number = member("packet")
	if (!(number in question))
		next
	split(question[number], words, /; /)
	row = words[1]
	text = answer()
	if (!(row in n_texts))
		rows[++n_rows] = row
	if (!((row, text) in columns))
		texts[row, ++n_texts[row]] = text
	columns[row, text] = columns[row, text] ((row, text) in columns && columns[row, text] != "" ? ", " : "") words[2]
	n_answers++
}
END {
	for (i = 1; i <= n_rows; i++) {
		print rows[i]
		for (j = 1; j <= n_texts[rows[i]]; j++)
			printf "\t%-50s %s\n", texts[rows[i], j], (n_texts[rows[i]] == 1 ? "always" : shortened(columns[rows[i], texts[rows[i], j]]))
	}
	print "# " n_answers + 0 " answers"
}

# shortened(LIST): "1, 2, 3, 5" is "1-3, 5".
function shortened(list,    n, items, i, first, text) {
	n = split(list, items, /, /)
	for (i = 1; i <= n; i++) {
		first = items[i]
		while (items[i] ~ /^[0-9]+$/ && i < n && items[i + 1] == items[i] + 1)
			i++
		text = text (text == "" ? "" : ", ") first (first == items[i] ? "" : "-" items[i])
	}
	return text
}
