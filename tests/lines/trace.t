# SPDX-License-Identifier: GPL-2.0-or-later
# -j TRACE: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table raw
# chain PREROUTING
-j TRACE ; = ; OK
-p tcp -m tcp --dport 80 -j TRACE ; = ; OK
-p icmp -j TRACE ; = ; OK
-s 10.0.0.0/8 -j TRACE ; = ; OK
-i eth0 -j TRACE ; = ; OK
-m mark --mark 0x1 -j TRACE ; = ; OK
-j TRACE --trace ; ; FAIL unknown option "--trace"
-m limit --limit 1/sec -j TRACE ; = ; OK
# chain OUTPUT
-j TRACE ; = ; OK
# table filter
# chain FORWARD
-j TRACE ; ; FAIL TRACE cannot be used in table filter
# table mangle
-j TRACE ; ; FAIL TRACE cannot be used in table mangle
# table nat
# chain PREROUTING
-j TRACE ; ; FAIL TRACE cannot be used in table nat

# family ipv6
# table raw
# chain PREROUTING
-j TRACE ; = ; OK
