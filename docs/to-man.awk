# SPDX-License-Identifier: GPL-2.0-or-later
#
# awk -f to-man.awk [-v version=... -v date=...] PAGE.md: a page of docs/ as a manual page, for man(7).
#
# The page says what it is by a line "<!-- man: NAME SECTION SUMMARY -->". Of markdown this much is understood: headings, paragraphs,
# lists of one level, definitions ("TERM", then ": TEXT"), tables, ``` blocks, `code`, **bold**, links, and comments of one line.

# What roff would take for its own.
function escape(text) {
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	gsub(/'/, "\\(aq", text)
	gsub(/\^/, "\\(ha", text)
	gsub(/~/, "\\(ti", text)
	gsub(/`/, "\\(ga", text)
	return text
}

# Prose: a hyphen between words stays one, everything else as it is escaped.
function escape_prose(text) {
	gsub(/\\/, "\\e", text)
	gsub(/'/, "\\(cq", text)
	gsub(/~/, "\\(ti", text)
	gsub(/\^/, "\\(ha", text)
	return text
}

# [words](place) is words.
function without_links(text,    at, words) {
	while (match(text, /!?\[[^]]*\]\([^)]*\)/)) {
		words = substr(text, RSTART, RLENGTH)
		sub(/^!?\[/, "", words)
		sub(/\]\(.*/, "", words)
		text = substr(text, 1, RSTART - 1) words substr(text, RSTART + RLENGTH)
	}
	return text
}

function bare(text) { gsub(/`/, "", text); return text }

# `code` and **words** in bold; what stands between them as prose.
function inline(text,    out, at, end, mark) {
	text = without_links(text)
	out = ""
	while (match(text, /`[^`]+`|\*\*[^*]+\*\*/)) {
		mark = substr(text, RSTART, 1) == "`" ? 1 : 2
		out = out escape_prose(substr(text, 1, RSTART - 1)) "\\fB" escape(bare(substr(text, RSTART + mark, RLENGTH - 2 * mark))) "\\fR"
		text = substr(text, RSTART + RLENGTH)
	}
	return out escape_prose(text)
}

# At most 78 bytes a line, broken at blanks; a line may not begin with a control character.
function emit(text,    n, word, i, line) {
	n = split(text, word, / +/)
	line = ""
	for (i = 1; i <= n; i++) {
		if (word[i] == "")
			continue
		if (line != "" && length(line) + 1 + length(word[i]) > 78) {
			print guard(line)
			line = word[i]
		} else
			line = line == "" ? word[i] : line " " word[i]
	}
	if (line != "")
		print guard(line)
}

function guard(line) { return line ~ /^[.']/ ? "\\&" line : line }

# The paragraph that was collected, under the macro that it needs.
function flush(    text) {
	if (paragraph == "")
		return
	text = paragraph
	paragraph = ""
	if (kind == "item")
		print ".IP " bullet " 3"
	else if (kind == "definition")
		;
	else if (!is_fresh)
		print ".PP"
	is_fresh = 0
	emit(inline(text))
	kind = ""
}

function close_table(    i, j, n) {
	if (!n_rows)
		return
	print ".na"
	print ".TS"
	print "allbox;"
	for (i = 1; i <= n_columns; i++)
		printf "%s", (i > 1 ? " " : "") "lb" (i == n_columns ? "x" : "")
	print ""
	for (i = 1; i <= n_columns; i++)
		printf "%s", (i > 1 ? " " : "") "l" (i == n_columns ? "x" : "")
	print "."
	for (i = 1; i <= n_rows; i++)
		for (j = 1; j <= n_columns; j++) {
			print (j > 1 ? "T}\tT{" : "T{")
			emit(inline(cell[i, j]))
			if (j == n_columns)
				print "T}"
		}
	print ".TE"
	print ".ad"
	n_rows = 0
	is_fresh = 0
}

# Bars within `code` are not between cells where they are escaped.
function add_row(line,    n, part, i) {
	gsub(/\\\|/, "\001", line)
	sub(/^\| */, "", line)
	sub(/ *\| *$/, "", line)
	n = split(line, part, / *\| */)
	n_rows++
	if (n_rows == 1)
		n_columns = n
	for (i = 1; i <= n_columns; i++) {
		cell[n_rows, i] = part[i]
		gsub(/\001/, "|", cell[n_rows, i])
	}
}

BEGIN { is_fresh = 1 }

/^<!-- man: / {
	name = $3
	section = $4
	summary = $0
	sub(/^<!-- man: [^ ]+ [^ ]+ /, "", summary)
	sub(/ -->$/, "", summary)
	print "'\\\" t"
	print ".\\\" SPDX-License-Identifier: GPL-2.0-or-later"
	print ".TH " toupper(name) " " section " \"" date "\" \"ctreplay " version "\" \"" (section == 1 ? "User Commands" : section == 3 ? "Library Functions" : "File Formats") "\""
	print ".SH NAME"
	emit(escape(name) " \\- " escape_prose(summary))
	is_first = 1
	next
}
/^```/ {
	flush()
	close_table()
	in_code = !in_code
	if (in_code && !is_fresh)
		print ".PP"
	print in_code ? ".in +2n\n.nf" : ".fi\n.in"
	is_fresh = 0
	next
}
in_code { print guard(escape($0)); next }
/^<!--/ { next }
/^# / { next }
/^## / {
	flush(); close_table()
	sub(/^## /, "")
	print ".SH " inline(toupper($0))
	is_fresh = 1
	has_section = 1
	next
}
/^###+ / {
	flush(); close_table()
	sub(/^#+ /, "")
	print ".SS " inline($0)
	is_fresh = 1
	next
}
/^\|/ {
	flush()
	if ($0 !~ /^\|[-| :]+\|$/)
		add_row($0)
	next
}
/^$/ { flush(); close_table(); next }
/^: / {
	print ".TP"
	emit(inline(paragraph))
	paragraph = substr($0, 3)
	kind = "definition"
	next
}
/^(- |[0-9]+\. )/ {
	flush()
	kind = "item"
	bullet = $1 == "-" ? "\\(bu" : $1
	sub(/^(- |[0-9]+\. )/, "")
	paragraph = $0
	next
}
{
	# A page that begins with prose describes.
	if (!has_section) {
		print ".SH DESCRIPTION"
		has_section = 1
		is_fresh = 1
	}
	sub(/^> ?/, "")
	sub(/^ +/, "")
	paragraph = paragraph == "" ? $0 : paragraph " " $0
}
END { flush(); close_table() }
