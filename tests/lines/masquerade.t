# SPDX-License-Identifier: GPL-2.0-or-later
# -j MASQUERADE: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table nat
# chain POSTROUTING
-j MASQUERADE ; = ; OK
-o ppp0 -j MASQUERADE ; = ; OK
-j MASQUERADE --random-fully --random ; -j MASQUERADE --random --random-fully ; OK
-p tcp -j MASQUERADE --to-ports 100 ; = ; OK
-p tcp -j MASQUERADE --to-ports 100-200 --random ; = ; OK
-p tcp -j MASQUERADE --to-ports 0-100 ; = ; OK
-p tcp -j MASQUERADE --to-ports http ; -p tcp -j MASQUERADE --to-ports 80 ; OK
-p icmp -j MASQUERADE --to-ports 100 ; = ; OK
-j MASQUERADE --to-ports 100 ; ; FAIL a port needs a protocol that has ports
-p tcp -j MASQUERADE --to-ports 200-100 ; ; FAIL the range of ports 200-100 is empty
-p tcp -j MASQUERADE --to-ports 100:200 ; ; FAIL a range of ports here is FIRST-LAST
-p tcp -j MASQUERADE --to-ports 100/5 ; ; FAIL "100/5" is not a port or a range of ports
-p tcp -j MASQUERADE --to-ports 100-200/5 ; -p tcp -j MASQUERADE --to-ports 100-200/0 ; OK
-p tcp -j MASQUERADE --to-ports abc ; ; FAIL "abc" is not a port
-j MASQUERADE --persistent ; ; FAIL --persistent

# chain INPUT
-j MASQUERADE ; ; FAIL MASQUERADE

# chain PREROUTING
-j MASQUERADE ; ; FAIL MASQUERADE

# family ipv6
# chain POSTROUTING
-p udp -j MASQUERADE --to-ports 80-90 --random ; = ; OK
