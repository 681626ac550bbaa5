# SPDX-License-Identifier: GPL-2.0-or-later
# -m addrtype: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m addrtype --src-type LOCAL ; = ; OK
-m addrtype --dst-type BROADCAST,MULTICAST ; = ; OK
-m addrtype ! --src-type UNICAST ; = ; OK
-m addrtype --src-type local ; -m addrtype --src-type LOCAL ; OK
-m addrtype --src-type LOC ; -m addrtype --src-type LOCAL ; OK
-m addrtype --src-type UNSPEC ; = ; OK
-m addrtype --src-type UNSPEC,UNICAST,LOCAL,BROADCAST,ANYCAST,MULTICAST,BLACKHOLE,UNREACHABLE,PROHIBIT,THROW,NAT,XRESOLVE ; = ; OK
-m addrtype --src-type XRESOLVE,LOCAL ; -m addrtype --src-type LOCAL,XRESOLVE ; OK
-m addrtype --src-type LOCAL, ; ; FAIL a type is missing
-m addrtype --src-type ,LOCAL ; ; FAIL a type is missing
-m addrtype --src-type LOCAL,,UNICAST ; ; FAIL a type is missing
-m addrtype --src-type "" ; ; FAIL a type is missing
-m addrtype --src-type FOO ; ; FAIL unknown type "FOO"
-m addrtype ; ; FAIL addrtype needs --src-type or --dst-type
-m addrtype --src-type LOCAL ! --dst-type LOCAL ; = ; OK
-m addrtype --dst-type LOCAL --src-type UNICAST ; -m addrtype --src-type UNICAST --dst-type LOCAL ; OK
-m addrtype --dst-type LOCAL --limit-iface-in ; = ; OK
-m addrtype --dst-type LOCAL --limit-iface-out ; = ; OK
-m addrtype --dst-type LOCAL --limit-iface-in --limit-iface-out ; ; FAIL --limit-iface-out cannot stand together with --limit-iface-in
-m addrtype --limit-iface-in ; ; FAIL addrtype needs --src-type or --dst-type
-m addrtype --src-type LOCAL --limit-iface-in ! --dst-type BROADCAST ; -m addrtype --src-type LOCAL ! --dst-type BROADCAST --limit-iface-in ; OK
-m addrtype --dst-type LOCAL ! --limit-iface-in ; ; FAIL --limit-iface-in cannot be inverted
-m addrtype --src-type LOCAL --src-type UNICAST ; ; FAIL --src-type is given twice
-m addrtype --src-t LOCAL ; -m addrtype --src-type LOCAL ; OK

# chain INPUT
-m addrtype --dst-type LOCAL --limit-iface-in ; = ; OK
-m addrtype --dst-type LOCAL --limit-iface-out ; ; FAIL --limit-iface-out has no interface to look at in chain INPUT

# chain OUTPUT
-m addrtype --dst-type LOCAL --limit-iface-in ; ; FAIL --limit-iface-in has no interface to look at in chain OUTPUT
-m addrtype --dst-type LOCAL --limit-iface-out ; = ; OK

# family ipv6
# chain FORWARD
-m addrtype --src-type LOCAL ; = ; OK
-m addrtype --dst-type BROADCAST ; ; FAIL IPv6 does not know this address type
-m addrtype --dst-type MULTICAST,ANYCAST ; -m addrtype --dst-type ANYCAST,MULTICAST ; OK
-m addrtype --dst-type UNSPEC,UNICAST,LOCAL,ANYCAST,MULTICAST,UNREACHABLE ; = ; OK
-m addrtype --dst-type BLACKHOLE ; ; FAIL IPv6 does not know this address type
-m addrtype --dst-type PROHIBIT ; ; FAIL IPv6 does not know this address type
-m addrtype --dst-type THROW ; ; FAIL IPv6 does not know this address type
-m addrtype --dst-type NAT ; ; FAIL IPv6 does not know this address type
-m addrtype --dst-type LOCAL --limit-iface-in ; = ; OK
