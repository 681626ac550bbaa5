#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ctreplay explain: which packets, which view, and what it costs.

. "$(dirname "$0")/harness"
pcap=$captures/dns-timeout.pcap
dns=$rules/dns.rules

explain() { ends 0 explain -r "$pcap" "$dns" "$@"; }
shows() { # PATTERN OPTION...
	pattern=$1
	shift
	explain "$@" && grep -E -q -e "$pattern" .own/stdout && return 0
	echo "nothing that matches: $pattern"
	cat .own/stdout
	return 1
}
numbers() { # WANTED OPTION...
	these=$1
	shift
	explain "$@" || return 1
	seen=$(sed -n 's/^packet \([0-9]*\) .*/\1/p' .own/stdout | tr '\n' ' ')
	[ "$seen" = "$these" ] || { echo "packets $seen, not $these"; return 1; }
}

passes "one packet" numbers "3 " --packet 3
passes "a range" numbers "2 3 4 " --packet 2-4
passes "a range to the end" numbers "7 8 9 " --packet 7-
passes "several, in the capture's order" numbers "1 4 5 9 " --packet 4-5,9,1
passes "by a filter" numbers "3 " --packets 'src host 192.168.1.66'
passes "by filter and number" numbers "2 6 " --packets 'src port 53' --packet 1-2,5-6

says "which packet?" 2 'which packet' explain -r "$pcap" "$dns"
says "packet 0" 2 "expected a packet's number" explain -r "$pcap" "$dns" --packet 0
says "a range the wrong way round" 2 "expected a packet's number" explain -r "$pcap" "$dns" --packet 5-3
says "no number" 2 "expected a packet's number" explain -r "$pcap" "$dns" --packet x
says "a packet that is not there" 2 'no packet 12: the capture has 9' explain -r "$pcap" "$dns" --packet 12
says "a filter that nothing passes" 2 "no packet passes the filter 'tcp'" explain -r "$pcap" "$dns" --packets tcp

passes "why it is NEW: the entry has expired" shows 'entry #1 of this flow expired at 30.020000 s, 0.980000 s ago' --packet 4
passes "the nearest miss" shows '--state RELATED,ESTABLISHED: packet is NEW' --packet 4
passes "why not ACCEPT" shows 'why not ACCEPT. these rules would have' --packet 4 --why-not ACCEPT
passes "why not what it is" shows 'why not accept: it is ACCEPT' --packet 2 --why-not accept
passes "why not DROP, when nothing says so" shows 'why not DROP: no rule says so' --packet 2 --why-not DROP

# The command's view is the sink's, of the packets that were asked for.
"$CTREPLAY" run -r "$pcap" "$dns" --out explain=all --out explain,full=full --out explain,json=json >/dev/null
same_as() { # FILE OPTION...
	file=$1
	shift
	explain --packet 1- "$@" && cmp .own/stdout "$file"
}
passes "the same as --out explain" same_as all
passes "-v is the variant full" same_as full -v
passes "--json is the variant json" same_as json --json
passes "one object a packet" sh -c '[ "$(grep -c "^{\"kind\":\"explanation\",\"packet\":[0-9]*," json)" -eq 9 ]'

# Who explains changes nothing in what others say.
replay() { "$CTREPLAY" run -q -r "$captures/web-server/capture.pcap" "$captures/web-server/rules" "$@"; }
replay --out json=plain >/dev/null
replay --out json=beside --out explain,why-not=explained >/dev/null
passes "explaining changes nothing" cmp plain beside

# Explaining the last of 150000 packets costs at most twice what their replay costs.
tail -c +25 "$pcap" >body
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
	cat body body >more && mv more body
done
head -c 24 "$pcap" >long.pcap
cat body >>long.pcap
cpu() { # COMMAND...: hundredths of a second, the least of three
	for _ in 1 2 3; do
		("$@" >/dev/null 2>&1; times) | sed -n '2s/[ms]/ /gp' | awk '{ print int(($1 * 60 + $2 + $3 * 60 + $4) * 100) }'
	done | sort -n | head -n 1
}
is_cheap() {
	run=$(cpu "$CTREPLAY" run -q -r long.pcap "$dns" --local 192.168.1.2)
	explained=$(cpu "$CTREPLAY" explain -r long.pcap "$dns" --local 192.168.1.2 --packet 147456)
	echo "run $run, explain $explained hundredths of a second"
	[ "$explained" -le $((2 * run + 2)) ]
}
passes "there is a last packet" sh -c '"$0" explain -r long.pcap "$1" --local 192.168.1.2 --packet 147456 | grep -q "^packet 147456 "' "$CTREPLAY" "$dns"
passes "explaining one packet costs at most two replays" is_cheap
finish
