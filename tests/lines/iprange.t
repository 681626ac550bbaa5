# SPDX-License-Identifier: GPL-2.0-or-later
# -m iprange: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m iprange --src-range 1.1.1.1-1.1.1.9 ; = ; OK
-m iprange --dst-range 1.1.1.1-1.1.1.9 ; = ; OK
-m iprange ! --src-range 1.1.1.1-1.1.1.9 ! --dst-range 2.2.2.2-2.2.2.3 ; = ; OK
-m iprange --dst-range 2.2.2.2-2.2.2.3 --src-range 1.1.1.1-1.1.1.9 ; -m iprange --src-range 1.1.1.1-1.1.1.9 --dst-range 2.2.2.2-2.2.2.3 ; OK
-m iprange --src-range 1.1.1.1 ; -m iprange --src-range 1.1.1.1-1.1.1.1 ; OK
-m iprange --src-range 1.1.1.9-1.1.1.1 ; = ; OK
-m iprange --src-range 1.1.1.1- ; ; FAIL "" is not an address
-m iprange --src-range -1.1.1.1 ; ; FAIL "" is not an address
-m iprange --src-range 1.1.1.1/24 ; ; FAIL "1.1.1.1/24" is not an address
-m iprange --src-range 1.1.1.1-1.1.1.9-1.1.1.10 ; ; FAIL "1.1.1.9-1.1.1.10" is not an address
-m iprange --src-range 1.1.1.1:1.1.1.9 ; ; FAIL "1.1.1.1:1.1.1.9" is not an IPv4 address
-m iprange --src-range 1.1.1-2.2.2 ; -m iprange --src-range 1.1.1.0-2.2.2.0 ; OK
-m iprange --src-range 1.1.1.1-1.1.1.1 ; = ; OK
-m iprange --src-range ::1-::2 ; ; FAIL "::1" is not an IPv4 address
-m iprange --src-range "" ; ; FAIL "" is not an address
-m iprange --src-range 1.1.1.300-1.1.1.9 ; ; FAIL "1.1.1.300" is not an address
-m iprange ; ; FAIL iprange needs --src-range or --dst-range
-m iprange --src-range 0.0.0.0-255.255.255.255 ; = ; OK
-m iprange --src-range 1.1.1.1-1.1.1.2 --src-range 1.1.1.1-1.1.1.2 ; ; FAIL --src-range is given twice
-m iprange --src-range "1.1.1.1 - 1.1.1.3" ; ; FAIL "1.1.1.1 " is not an address
-m iprange --src 1.1.1.1-1.1.1.2 ; ; FAIL "1.1.1.1-1.1.1.2" is not an address
-m iprange --src-r 1.1.1.1-1.1.1.2 ; -m iprange --src-range 1.1.1.1-1.1.1.2 ; OK
-m iprange --src-range 1.1.1.1-2 ; -m iprange --src-range 1.1.1.1-2.0.0.0 ; OK
-m iprange --src-range 1-2 ; -m iprange --src-range 1.0.0.0-2.0.0.0 ; OK
-m iprange --src-range 01.1.1.1-1.1.1.9 ; -m iprange --src-range 1.1.1.1-1.1.1.9 ; OK
-m iprange --src-range 0x1.1.1.1-1.1.1.9 ; -m iprange --src-range 1.1.1.1-1.1.1.9 ; OK
-m iprange --src-range +1.1.1.1-1.1.1.9 ; -m iprange --src-range 1.1.1.1-1.1.1.9 ; OK
-m iprange --src-range 1.1.1.1.1-1.1.1.9 ; ; FAIL "1.1.1.1.1" is not an address
-m iprange --src-range 1..1.1-1.1.1.9 ; ; FAIL "1..1.1" is not an address
-m iprange --src-range 1.1.1.-1.1.1.9 ; ; FAIL "1.1.1." is not an address
-m iprange --src-range 10.0.0.1-10.0.0.0 ; = ; OK
-m iprange --src-range 255.255.255.255 ; -m iprange --src-range 255.255.255.255-255.255.255.255 ; OK

# family ipv6
-m iprange --src-range 2001:db8::1-2001:db8::ff ; = ; OK
-m iprange ! --dst-range 2001:db8::1-2001:db8::ff ; = ; OK
-m iprange --src-range 2001:db8::1 ; -m iprange --src-range 2001:db8::1-2001:db8::1 ; OK
-m iprange --src-range 2001:db8::ff-2001:db8::1 ; = ; OK
-m iprange --src-range 1.1.1.1-1.1.1.9 ; ; FAIL "1.1.1.1" is not an IPv6 address
-m iprange --src-range ::ffff:1.1.1.1-::ffff:1.1.1.9 ; = ; OK
