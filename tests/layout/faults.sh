#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every fault of tests/mutation/faults can still be planted: what it takes the place of stands in its file, once.

cd "${srcdir:-.}" || exit 99
LC_ALL=C; export LC_ALL

awk '
	function read_all(file,   text, line, n) { while ((getline line <file) > 0) text = text (n++ ? "\n" : "") line; close(file); return text }
	function check(   text, at) {
		if (file == "")
			return
		if (!(file in texts))
			texts[file] = read_all(file)
		text = texts[file]
		at = index(text, old)
		wrong = old == "" || !at ? "what it replaces does not stand there" : index(substr(text, at + 1), old) ? "what it replaces stands there twice" : ""
		print (wrong == "" ? "ok " : "not ok ") ++n " - " words
		if (wrong != "") {
			print "# " wrong
			bad = 1
		}
	}
	/^#/ || /^$/ { next }
	/^src\// { check(); file = substr($0, 1, index($0, ": ") - 1); words = $0; old = ""; next }
	/^-/ { old = old (old == "" ? "" : "\n") substr($0, 2) }
	END { check(); print "1.." n; exit bad }' tests/mutation/faults
