# SPDX-License-Identifier: GPL-2.0-or-later
# -m devgroup: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-m devgroup --src-group 0 ; -m devgroup --src-group default ; OK
-m devgroup --src-group default ; = ; OK
-m devgroup ! --src-group 5 -j DROP ; -m devgroup ! --src-group 0x5 -j DROP ; OK
-m devgroup --src-group 0x1/0xf ; = ; OK
-m devgroup --src-group x ; ; FAIL "x" is not a number
-m devgroup --dst-group 1 ; ; FAIL --dst-group belongs to FORWARD, OUTPUT and POSTROUTING
-m devgroup ; ; FAIL devgroup needs --src-group or --dst-group
# chain FORWARD
-m devgroup --dst-group 1 --src-group 2 ; -m devgroup --src-group 0x2 --dst-group 0x1 ; OK
-m devgroup ! --dst-group 1/1 ; -m devgroup ! --dst-group 0x1/0x1 ; OK
# chain OUTPUT
-m devgroup --dst-group 1 ; -m devgroup --dst-group 0x1 ; OK
-m devgroup --src-group 1 ; ; FAIL --src-group belongs to PREROUTING, INPUT and FORWARD
# family ipv6
-m devgroup --dst-group 3 ; -m devgroup --dst-group 0x3 ; OK
