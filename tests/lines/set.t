# SPDX-License-Identifier: GPL-2.0-or-later
# -m set and -j SET: as iptables-legacy-restore 1.8.9 takes them and iptables-legacy-save prints them. The sets are foo
# (hash:ip) and bar (hash:ip,port), of IPv4; without --ipset their names are not looked up.

# family ipv4
# table filter
# chain INPUT
-m set --match-set foo src ; = ; OK
-m set ! --match-set foo src,dst,src ; = ; OK
-m set --match-set bar src,dst -j ACCEPT ; = ; OK
-m set --match-set foo srcx ; -m set --match-set foo src ; OK
-m set ! --set foo src,dst ; -m set ! --match-set foo src,dst ; OK
-m set --match-set foo src,dst,src,dst,src,dst ; = ; OK
-m set --return-nomatch --match-set foo src ! --update-counters ! --update-subcounters --packets-eq 5 --bytes-lt 6 ; -m set --match-set foo src --return-nomatch ! --update-counters ! --update-subcounters --packets-eq 5 --bytes-lt 6 ; OK
-m set --match-set foo src --update-counters --update-subcounters ! --packets-eq 5 ! --bytes-eq 0x7 ; -m set --match-set foo src ! --packets-eq 5 ! --bytes-eq 7 ; OK
-m set --match-set foo src --bytes-gt 18446744073709551615 ; = ; OK
-m set --match-set foo src --return-nomatch --return-nomatch ; -m set --match-set foo src --return-nomatch ; OK
-m set --match-set foo src -m set ! --match-set foo dst ; = ; OK
-j SET --add-set foo src ; = ; OK
-j SET ! --add-set foo src ; -j SET --add-set foo src ; OK
-j SET --add-set foo src --exist --timeout 0 --del-set bar src,dst ; = ; OK
-j SET --del-set bar src,dst --timeout 5 --exist --add-set foo dst ; -j SET --add-set foo dst --exist --timeout 5 --del-set bar src,dst ; OK
-j SET --add-set foo src --timeout 4294967294 ; = ; OK
-m set ; ; FAIL set needs --match-set
-m set --match-set foo ; ; FAIL --match-set needs two values
-m set --match-set foo src,dst,src,dst,src,dst,src ; ; FAIL too many words
-m set --match-set foo SRC ; ; FAIL "SRC" is not an end of a packet
-m set --match-set foo src, ; ; FAIL "" is not an end of a packet
-m set --match-set a23456789012345678901234567890123 src ; ; FAIL is too long a name for a set
-m set --match-set foo src --match-set bar dst ; ; FAIL --match-set is given twice
-m set --match-set foo src --packets-gt 5 --packets-lt 6 ; ; FAIL --packets-lt cannot stand together with --packets-eq or --packets-gt
-m set --match-set foo src ! --packets-gt 5 ; ; FAIL --packets-gt cannot be inverted
-m set --match-set foo src ! --return-nomatch ; ; FAIL --return-nomatch cannot be inverted
-j SET ; ; FAIL SET needs --add-set, --del-set or --map-set
-j SET --exist ; ; FAIL SET needs --add-set, --del-set or --map-set
-j SET --add-set foo ; ; FAIL --add-set needs two values
-j SET --add-set foo src,x ; ; FAIL "x" is not an end of a packet
-j SET --add-set foo src --add-set bar src ; ; FAIL --add-set is given twice
-j SET --add-set foo src --timeout 4294967295 ; ; FAIL out of range
-j SET --del-set bar src,dst --timeout 5 --exist ; ; FAIL --exist and --timeout belong to --add-set
-j SET --map-set foo src --map-mark ; ; FAIL --map-set cannot be used in this table
-j SET --add-set foo src --map-mark ; ; FAIL --map-mark, --map-prio and --map-queue belong to --map-set

# table mangle
# chain FORWARD
-j SET --map-set foo src --map-mark --map-prio --map-queue ; = ; OK
-j SET --add-set bar dst,dst --map-set foo src --map-mark ; = ; OK
-j SET --map-set foo src ; ; FAIL --map-set needs --map-mark, --map-prio or --map-queue
# chain PREROUTING
-j SET --map-set foo src --map-prio ; ; FAIL --map-prio and --map-queue cannot be used in this chain
