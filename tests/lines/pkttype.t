# SPDX-License-Identifier: GPL-2.0-or-later
# -m pkttype: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m pkttype --pkt-type unicast ; = ; OK
-m pkttype --pkt-type broadcast ; = ; OK
-m pkttype --pkt-type multicast ; = ; OK
-m pkttype --pkt-type otherhost ; = ; OK
-m pkttype --pkt-type bcast ; -m pkttype --pkt-type broadcast ; OK
-m pkttype --pkt-type mcast ; -m pkttype --pkt-type multicast ; OK
-m pkttype --pkt-type host ; -m pkttype --pkt-type unicast ; OK
-m pkttype --pkt-type BROADCAST ; -m pkttype --pkt-type broadcast ; OK
-m pkttype --pkt-type broad ; ; FAIL unknown type "broad"
-m pkttype --pkt-type to-host ; ; FAIL unknown type "to-host"
-m pkttype --pkt-type outgoing ; ; FAIL unknown type "outgoing"
-m pkttype --pkt-type loopback ; ; FAIL unknown type "loopback"
-m pkttype --pkt-type fastroute ; ; FAIL unknown type "fastroute"
-m pkttype --pkt-type none ; ; FAIL unknown type "none"
-m pkttype ! --pkt-type unicast ; = ; OK
-m pkttype --pkt-type "" ; ; FAIL a type is missing
-m pkttype --pkt-type 1 ; ; FAIL unknown type "1"
-m pkttype --pkt-type nosuch ; ; FAIL unknown type "nosuch"
-m pkttype ; ; FAIL pkttype needs --pkt-type type
-m pkttype --pkt-type broadcast --pkt-type broadcast ; ; FAIL --pkt-type is given twice
-m pkttype --pkt unicast ; -m pkttype --pkt-type unicast ; OK

# family ipv6
-m pkttype --pkt-type multicast ; = ; OK
