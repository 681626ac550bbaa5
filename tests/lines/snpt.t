# SPDX-License-Identifier: GPL-2.0-or-later
# -j SNPT: as ip6tables-legacy-restore 1.8.9 takes it and ip6tables-legacy-save prints it.

# family ipv6
# table mangle
# chain POSTROUTING
-j SNPT --src-pfx fd00::/64 --dst-pfx 2001:db8::/64 ; = ; OK
-j SNPT --src-pfx fd00::/48 --dst-pfx 2001:db8::/56 ; = ; OK
-j SNPT --dst-pfx 2001:db8::/56 --src-pfx fd00:0:0::/48 ; -j SNPT --src-pfx fd00::/48 --dst-pfx 2001:db8::/56 ; OK
-s fd00::/48 -j SNPT --src-pfx fd00::/48 --dst-pfx 2001:db8:1::/48 ; = ; OK
-j SNPT --src-pfx fd00::/ffff:: --dst-pfx 2001:db8::/ffff:ffff:: ; -j SNPT --src-pfx fd00::/16 --dst-pfx 2001:db8::/32 ; OK
-j SNPT --src-pfx ::/0 --dst-pfx 2001:db8::/32 ; -j SNPT --dst-pfx 2001:db8::/32 ; OK
-j SNPT --src-pfx fd00::1/64 --dst-pfx 2001:db8::/64 ; ; FAIL --src-pfx has bits behind its prefix
-j SNPT --src-pfx fd00::/64 --dst-pfx 2001:db8::1/64 ; ; FAIL --dst-pfx has bits behind its prefix
-j SNPT --src-pfx fd00::/65 --dst-pfx 2001:db8::/64 ; ; FAIL --src-pfx takes a prefix of at most 64 bits
-j SNPT --src-pfx fd00:: --dst-pfx 2001:db8::/64 ; ; FAIL --src-pfx takes a prefix of at most 64 bits
-j SNPT --src-pfx fd00::/0:ffff:: --dst-pfx 2001:db8::/32 ; ; FAIL --src-pfx takes a prefix of at most 64 bits
-j SNPT --src-pfx fd00::/48 ; ; FAIL SNPT needs --dst-pfx
-j SNPT --dst-pfx fd00::/48 ; ; FAIL SNPT needs --src-pfx
-j SNPT ; ; FAIL SNPT needs --src-pfx
-j SNPT --src-pfx fd00::/48 --src-pfx fd01::/48 --dst-pfx 2001:db8::/48 ; ; FAIL --src-pfx
-j SNPT ! --src-pfx fd00::/48 --dst-pfx 2001:db8::/48 ; ; FAIL --src-pfx
-j SNPT --src-pfx 10.0.0.0/8 --dst-pfx fd00::/8 ; ; FAIL 10.0.0.0
# chain INPUT
-j SNPT --src-pfx fd00::/48 --dst-pfx fd01::/48 ; = ; OK
# chain FORWARD
-j SNPT --src-pfx fd00::/48 --dst-pfx fd01::/48 ; ; FAIL SNPT cannot be used in FORWARD
# table filter
# chain INPUT
-j SNPT --src-pfx fd00::/48 --dst-pfx fd01::/48 ; ; FAIL SNPT cannot be used in table filter
# family ipv4
# table mangle
# chain POSTROUTING
-j SNPT --src-pfx fd00::/48 --dst-pfx fd01::/48 ; ; FAIL target SNPT is for IPv6 rules only
