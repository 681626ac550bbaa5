# SPDX-License-Identifier: GPL-2.0-or-later
# -j NETMAP: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table nat
# chain PREROUTING
-j NETMAP --to 10.0.0.0/8 ; = ; OK
-j NETMAP --to 10.1.2.3/8 ; -j NETMAP --to 10.0.0.0/8 ; OK
-j NETMAP --to 10.1.2.3 ; -j NETMAP --to 10.1.2.3/32 ; OK
-j NETMAP --to 10.1.2.3/255.255.0.0 ; -j NETMAP --to 10.1.0.0/16 ; OK
-j NETMAP --to 10.1.2.3/0x10 ; -j NETMAP --to 10.1.0.0/16 ; OK
-j NETMAP --to 10.1.2.3/255.0.255.0 ; -j NETMAP --to 10.1.2.3/32 ; OK
-j NETMAP --to 10.1.2.0/0 ; -j NETMAP --to 0.0.0.0/0 ; OK
-j NETMAP --to 10.1/16 ; -j NETMAP --to 10.0.0.0/16 ; OK
-d 192.168.1.0/24 -j NETMAP --to 10.1.1.0/24 ; = ; OK
-j NETMAP ; ; FAIL NETMAP needs --to
-j NETMAP --to 10.1.2.3/abc ; ; FAIL "abc" is neither a mask nor a length
-j NETMAP --to 10.1.2.3/ ; ; FAIL "" is neither a mask nor a length
-j NETMAP --to 10.0.0.0/8 --to 11.0.0.0/8 ; ; FAIL --to is given twice
-j NETMAP --to lan/24 ; ; FAIL "lan" is not an address

# chain INPUT
-j NETMAP --to 10.0.0.0/8 ; = ; OK

# chain OUTPUT
-j NETMAP --to 10.0.0.0/8 ; = ; OK

# chain POSTROUTING
-s 192.168.1.0/24 -j NETMAP --to 10.1.1.0/24 ; = ; OK

# table mangle
-j NETMAP --to 10.0.0.0/8 ; ; FAIL NETMAP

# family ipv6
# table nat
# chain PREROUTING
-j NETMAP --to 2001:db8::5/64 ; -j NETMAP --to 2001:db8::/64 ; OK
-j NETMAP --to 2001:db8::5 ; -j NETMAP --to 2001:db8::5/128 ; OK
-j NETMAP --to 2001:db8::5/ffff:ffff:: ; -j NETMAP --to 2001:db8::/32 ; OK
-j NETMAP --to 2001:db8::5/129 ; ; FAIL "129" is neither a mask nor a length
