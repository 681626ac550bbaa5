#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ctreplay report: one file that holds everything, always the same. What a browser makes of it: tests/full/report.sh.

. "$(dirname "$0")/harness"
pcap=$captures/dns-timeout.pcap
dns=$rules/dns.rules

passes "a report" ends 0 report -r "$pcap" "$dns" -o a.html
passes "says nothing when all is well" test ! -s .own/stdout
passes "it is one page" sh -c '[ "$(grep -c "^<!DOCTYPE html>" a.html)" = 1 ] && [ "$(grep -c "^</html>" a.html)" = 1 ]'
passes "no mark of the template is left" sh -c '! grep -E "^@[a-z]+@" a.html'
passes "it wants nothing from elsewhere" sh -c '! grep -o -E "(https?:|[\"(])//[a-z][^ \"<]*" a.html | grep -v -F //www.w3.org/2000/svg'
passes "the same again" sh -c '"$0" report -r "$1" "$2" -o - | cmp - a.html' "$CTREPLAY" "$pcap" "$dns"
passes "--out html writes it beside run" ends 0 run -q -r "$pcap" "$dns" --out html=b.html
passes "the same" cmp a.html b.html
passes "nine packets, in rows" sh -c 'sed -n "/class=\"packets\"/,/<.script>/p" a.html | grep -c "UDP 192" | grep -q "^9$"'
passes "a capture without packets" sh -c 'echo "# ctreplay packets" >empty.packets && "$0" report -r empty.packets "$1" -o empty.html' "$CTREPLAY" "$dns"
passes "a lab with translation" sh -c 'cd "$1/router-masquerade" && "$0" report -r any.pcap rules $(cat host) -o - | grep -q 203.0.113.2' "$CTREPLAY" "$captures"

# Coverage: what is proved of rules, and how many packets came to each.
lab=$top/docs/labs/8-rule-order-and-chains
passes "rules in the wrong order" ends 0 report -r "$lab/lab.packets" "$lab/my.rules" --local 10.0.0.1 -o order.html
passes "three of which can never match" sh -c '[ "$(grep -o "\"useless\":true" order.html | wc -l)" = 3 ]'
passes "of those to which packets came it is told how many" grep -q '"packets":1,"bytes":68,"tried":1,' order.html
printf '*filter\n:INPUT ACCEPT [7:700]\n[5:500] -A INPUT -p udp -j ACCEPT\nCOMMIT\n' >counted.rules
passes "counters that the rules bring are not of these packets" sh -c '"$0" report -r "$1" counted.rules --local 192.168.1.2 -o - | grep -q "\"packets\":7,\"bytes\":[0-9]*,\"tried\":7,"' "$CTREPLAY" "$pcap"

# Rules are words of others: nothing of them ends a script.
printf '*filter\n-A INPUT -m comment --comment "</script><script>alert(1)</script>" -j ACCEPT\nCOMMIT\n' >hostile.rules
passes "a hostile rule" ends 0 report -r "$pcap" hostile.rules -o hostile.html
passes "stays within its data" sh -c '[ "$(grep -c "<script>alert" hostile.html)" = 0 ] && grep -q "u003c/script>" hostile.html'

says "no file" 2 'where to' report -r "$pcap" "$dns"
says "a folder that is not there" 3 'cannot write' report -r "$pcap" "$dns" -o nowhere/a.html

finish
