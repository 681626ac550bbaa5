#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every kind of diagram of every lab in a real browser: no text lies on another one, none leaves the picture.
# PICTURE_SHOTS=FOLDER keeps what was seen.

. "$(dirname "$0")/../cli/harness"
. "$top/tests/full/browser.sh"
trap 'browser_stop; cleanup' EXIT
browser_start
browser_size 1400 1000

overlaps="const texts = [...document.querySelectorAll('text')].map((text) => ({ text: text.textContent, box: text.getBBox() })).filter((one) => one.box.width); const wrong = []; const [, , width, height] = document.documentElement.getAttribute('viewBox').split(' ').map(Number); for (const one of texts) if (one.box.x < 0 || one.box.y < 0 || one.box.x + one.box.width > width || one.box.y + one.box.height > height) wrong.push('outside: ' + one.text); for (let i = 0; i < texts.length; i++) for (let k = i + 1; k < texts.length; k++) { const a = texts[i].box, b = texts[k].box; const w = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x), h = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y); if (w > 2 && h > 4) wrong.push(texts[i].text + ' / ' + texts[k].text); } return texts.length ? wrong.slice(0, 3).join('; ') : 'no text at all'"

# clear KIND NAME ARGUMENT...: the drawing is clear to read
clear() {
	kind=$1 name=$2
	shift 2
	ends 0 diagram -k "$kind" "$@" -o "$name-$kind.svg" || return 1
	browser_open "$PWD/$name-$kind.svg"
	said=$(browser_run "$overlaps")
	[ -z "${PICTURE_SHOTS:-}" ] || browser_shot "$PICTURE_SHOTS/$name-$kind.png"
	[ "$said" = '""' ] || { echo "$said"; return 1; }
}

for kind in sequence lifelines path nat bucket occupancy states; do
	passes "$kind of the DNS lab" clear $kind dns -r "$captures/dns-timeout.pcap" "$rules/dns.rules"
	passes "$kind of a hairpin" clear $kind hairpin -r "$top/docs/examples/hairpin.packets" "$rules/home-router.rules" \
		--local 192.168.1.1/24@eth1 --local 203.0.113.1/24@ppp0 --route default@ppp0
	passes "$kind of a TCP connection's life" clear $kind tcp -r "$top/docs/examples/session.packets" "$rules/server.rules" --local 10.0.0.1
	passes "$kind of an FTP session" clear $kind ftp -r "$top/docs/examples/ftp-session.packets" "$rules/ftp.rules" \
		--local 192.168.1.1/24@lan --local 203.0.113.1/24@wan --route default@wan
	for lab in 6-nat-in-three-panes 7-limit-and-statistic; do
		passes "$kind of lab $lab" clear $kind $lab -r "$top/docs/labs/$lab/lab.packets" "$top/docs/labs/$lab/answer.rules" \
			--local 192.168.1.1/24@lan --local 203.0.113.2/24@wan --route default@wan,via=203.0.113.1
	done
	for lab in "$captures"/*/; do
		name=$(basename "$lab")
		packets=$lab/capture.pcap
		[ -f "$packets" ] || packets=$lab/any.pcap
		# What the options of a lab name lies in its folder.
		cp "$lab"/host.json "$lab"/annotations . 2>/dev/null
		# shellcheck disable=SC2046 # words
		passes "$kind of $name" clear $kind "$name" -r "$packets" "$lab/rules" $(cat "$lab/host")
	done
done
finish
