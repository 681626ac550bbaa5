# SPDX-License-Identifier: GPL-2.0-or-later
# -m realm: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-m realm --realm 0x1/0x2a ; = ; OK
-m realm --realm 0x2a ; = ; OK
-m realm ! --realm 42 -j DROP ; -m realm ! --realm 0x2a -j DROP ; OK
-m realm --realm 0 ; -m realm --realm cosmos ; OK
-m realm --realm cosmos ; = ; OK
-m realm --realm 0/0xff ; -m realm --realm 0x0/0xff ; OK
-m realm --realm 5/0xffffffff ; -m realm --realm 0x5 ; OK
-m realm ; ; FAIL realm needs --realm value[/mask]
-m realm --realm 1/ ; ; FAIL "1/" is not a number
-m realm --realm 1/x ; ; FAIL "1/x" is not a number
-m realm --realm nosuch ; ; FAIL "nosuch" is not a number
-m realm --realm 4294967296 ; ; FAIL "4294967296" is not a number
# table raw
# chain PREROUTING
-m realm --realm 1 ; ; FAIL realm cannot be used in PREROUTING
# table mangle
# chain POSTROUTING
-m realm --realm 1 ; -m realm --realm 0x1 ; OK
