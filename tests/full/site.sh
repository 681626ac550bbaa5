#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The documents as pages (make site): every one has its page and a place in the navigation, every link leads somewhere, and a page
# needs neither network nor scripts.

. "$(dirname "$0")/../tap"
describe=${CTREPLAY%/*}/describe
command -v lowdown >/dev/null 2>&1 || skip_all "lowdown is not there"

# nothing_in FILE SENTENCE: the file holds what is wrong, a line each
nothing_in() {
	[ ! -s "$1" ]
	tell $? "$2"
	show "$1" 20
}

sh "$source/docs/site/make-site" "$describe" "$work/site" >"$work/said" 2>&1 || echo "make-site ended with $?" >>"$work/said"
nothing_in "$work/said" "the pages are written, and nothing is missed"
cd "$work/site" || exit 1

# "KIND<TAB>PAGE<TAB>WHAT" for each place with a name (id) and each link of each page
find . -name '*.html' | sed 's/^\.\///' | sort | while read -r page; do
	grep -o -E ' (id|href|src)="[^"]*"' "$page" | sed -e 's/&amp;/\&/g' -e 's/^ \([a-z]*\)="\(.*\)"$/\1	\2/' | awk -v page="$page" '{ print $1 "\t" page "\t" $2 }'
done >../places

(cd "$source" && find README.md docs captures -name '*.md') | sed 's/\.md$/.html/; s/^README.html$/index.html/' | while read -r page; do
	[ -f "$page" ] || echo "$page"
done >../wrong
nothing_in ../wrong "every document has its page"

(cd "$source" && ls docs/*.md docs/commands/*.md) | while read -r document; do
	grep -q "^$document\( \|\$\)" "$source/docs/site/pages.list" || echo "$document: add it to docs/site/pages.list"
done >../wrong
nothing_in ../wrong "the navigation names every document of docs/ and of docs/commands/"

find . -name '*.html' -o -name '*.svg' | xargs grep -l -E '<script|<iframe|@import|(src|srcset|xlink:href)="[a-z]*:?//|<link[^>]*href="[a-z]+:' >../wrong
nothing_in ../wrong "no page has a script or takes anything from a network"

# Where a link leads, from the top of the site
awk -F '\t' '
	function resolve(folder, link,    n, part, i, depth, kept, path) {
		n = split(folder link, part, "/")
		for (i = 1; i <= n; i++)
			if (part[i] == "..") depth--
			else if (part[i] != "." && part[i] != "") kept[++depth] = part[i]
		for (i = 1; i <= depth; i++)
			path = path (i > 1 ? "/" : "") kept[i]
		return path
	}
	$1 == "id" { has[$2 "#" $3] = 1; next }
	$3 ~ /^[a-z]+:/ { next }
	{ link[++n] = $3; page[n] = $2 }
	END {
		for (i = 1; i <= n; i++) {
			hash = index(link[i], "#")
			path = hash ? substr(link[i], 1, hash - 1) : link[i]
			anchor = hash ? substr(link[i], hash) : ""
			folder = page[i]
			sub(/[^\/]*$/, "", folder)
			target = path == "" ? page[i] : resolve(folder, path)
			if (anchor != "" && !((target anchor) in has))
				print page[i] ": " link[i] ": there is no such place"
			print target "\t" page[i] ": " link[i] >"../targets"
		}
	}' ../places >../wrong
sort -u ../targets | while IFS='	' read -r target from; do
	[ -f "$target" ] || echo "$from: there is no such file"
done >>../wrong
nothing_in ../wrong "every link leads somewhere"

for page in index docs/output docs/commands/run docs/host; do
	grep -q '<h1' "$page.html" || echo "$page has no heading"
done >../wrong
grep -q -- '--snapshot' docs/commands/run.html || echo "docs/commands/run.html has no options" >>../wrong
grep -q 'nf_conntrack_udp_timeout_stream</code>' docs/host.html || echo "docs/host.html has no settings" >>../wrong
nothing_in ../wrong "what the tables know stands in its place"
finish
