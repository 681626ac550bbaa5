# SPDX-License-Identifier: GPL-2.0-or-later
# -m eui64: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv6
-m eui64 ; = ; OK
# table raw
# chain PREROUTING
-m eui64 -j DROP ; = ; OK
# table filter
# chain FORWARD
-m eui64 ; = ; OK
# chain OUTPUT
-m eui64 ; ; FAIL eui64 cannot be used in OUTPUT
# table mangle
# chain POSTROUTING
-m eui64 ; ; FAIL eui64 cannot be used in POSTROUTING
# family ipv4
# table filter
# chain INPUT
-m eui64 ; ; FAIL match eui64 is for IPv6 rules only
