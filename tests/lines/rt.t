# SPDX-License-Identifier: GPL-2.0-or-later
# -m rt: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv6
# table filter
# chain FORWARD
-m rt --rt-type 0 ; = ; OK
-m rt ! --rt-type 0 ; = ; OK
-m rt --rt-type 2 ; = ; OK
-m rt --rt-type 0 --rt-segsleft 0 ; = ; OK
-m rt --rt-segsleft 1:23 ; = ; OK
-m rt ! --rt-segsleft 1:23 ; = ; OK
-m rt --rt-segsleft :4 ; -m rt --rt-segsleft 0:4 ; OK
-m rt --rt-segsleft 4: ; -m rt --rt-segsleft 4:4294967295 ; OK
-m rt --rt-segsleft 4:1 ; = ; OK
-m rt --rt-len 24 ; = ; OK
-m rt ! --rt-len 24 ; = ; OK
-m rt --rt-type 0 --rt-0-res ; = ; OK
-m rt --rt-0-res ; ; FAIL --rt-0-res must stand behind --rt-type 0
-m rt --rt-0-res --rt-type 0 ; ; FAIL --rt-0-res must stand behind --rt-type 0
-m rt ! --rt-type 0 --rt-0-res ; ; FAIL --rt-0-res and the like are of type 0
-m rt --rt-type 0 --rt-0-addrs FD00:0::1,fd00::2 ; -m rt --rt-type 0 --rt-0-addrs fd00::1,fd00::2 ; OK
-m rt --rt-type 0 --rt-0-addrs ::ffff:1.2.3.4 ; = ; OK
-m rt --rt-type 0 --rt-0-addrs ::1 --rt-0-not-strict --rt-0-res ; -m rt --rt-type 0 --rt-0-res --rt-0-addrs ::1 --rt-0-not-strict ; OK
-m rt --rt-type 0 --rt-len 24 --rt-0-addrs ::1 ; = ; OK
-m rt --rt-type 0 --rt-0-addrs ::1,::2,::3,::4,::5,::6,::7,::8,::9,::a,::b,::c,::d,::e,::f,::10 ; = ; OK
-m rt --rt-type 0 --rt-0-addrs ::1,::2,::3,::4,::5,::6,::7,::8,::9,::a,::b,::c,::d,::e,::f,::10,::11 ; ; FAIL more than 16 addresses
-m rt --rt-type 0 --rt-0-addrs fd00::1, ; ; FAIL "" is not an IPv6 address
-m rt --rt-type 0 --rt-0-addrs fd00::/64 ; ; FAIL "fd00::/64" is not an IPv6 address
-m rt --rt-type 0 --rt-0-addrs 1.2.3.4 ; ; FAIL "1.2.3.4" is not an IPv6 address
-m rt --rt-type 0 ! --rt-0-addrs ::1 ; ; FAIL --rt-0-addrs cannot be inverted
-m rt --rt-0-addrs ::1 --rt-type 0 ; ; FAIL --rt-0-addrs must stand behind --rt-type 0
-m rt --rt-type 0 --rt-0-not-strict ; ; FAIL --rt-0-not-strict must stand behind --rt-0-addrs
-m rt --rt-type 0 --rt-0-not-strict --rt-0-addrs ::1 ; ; FAIL --rt-0-not-strict must stand behind --rt-0-addrs
-m rt --rt-type 1 --rt-0-res ; ; FAIL --rt-0-res and the like are of type 0
-m rt --rt-type abc ; ; FAIL "abc" is not a number from 0 to 4294967295
-m rt --rt-type 4294967296 ; ; FAIL 4294967296 is out of range (0 to 4294967295)
-m rt ; = ; OK
-m rt --rt-type 0 --rt-segsleft 1 --rt-len 8 -j DROP ; = ; OK
-m rt --rt-type 0 --rt-type 1 ; ; FAIL --rt-type is given twice

-m rt --rt-segsleft "" ; -m rt --rt-segsleft 0 ; OK
-m rt --rt-segsleft 0: ; -m rt ; OK
-m rt ! --rt-segsleft : ; -m rt ; OK
# family ipv4
-m rt --rt-type 0 ; ; FAIL match rt is for IPv6 rules only
