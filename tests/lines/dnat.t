# SPDX-License-Identifier: GPL-2.0-or-later
# -j DNAT: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table nat
# chain PREROUTING
-j DNAT --to-destination 192.0.2.4 ; = ; OK
-j DNAT --to-destination 192.0.2.4-192.0.2.9 --persistent ; = ; OK
-p tcp -j DNAT --to-destination 192.0.2.4:80 ; = ; OK
-p tcp -j DNAT --to-destination :80 ; = ; OK
-p tcp -j DNAT --to-destination 0x:53 ; -p tcp -j DNAT --to-destination :53 ; OK
-p tcp -j DNAT --to-destination 0:53 ; ; FAIL is not an IPv4 address
-p tcp -j DNAT --to-destination 192.0.2.4-192.0.2.8:80-90 --random ; = ; OK
-p tcp -j DNAT --to-destination 192.0.2.4:6000-6003/5000 ; = ; OK
-p tcp -j DNAT --to-destination :6000-6003/5000 --persistent --random ; -p tcp -j DNAT --to-destination :6000-6003/5000 --random --persistent ; OK
-p tcp -j DNAT --to-destination 192.0.2.4:100-200/http ; -p tcp -j DNAT --to-destination 192.0.2.4:100-200/80 ; OK
-p udp -j DNAT --to-destination 192.0.2.4:0-10 ; = ; OK
-i eth0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.0.5:80 ; = ; OK
-p tcp -j DNAT ; ; FAIL DNAT needs --to-destination
-j DNAT --to-destination 192.0.2.4:80 ; ; FAIL a port needs a protocol that has ports
-p tcp -j DNAT --to-destination 192.0.2.4:100/50 ; ; FAIL "100/50" is not a port or a range of ports
-p tcp -j DNAT --to-destination 192.0.2.4:100-200/0 ; ; FAIL the port behind the slash is one from 1 to 65535
-p tcp -j DNAT --to-destination 192.0.2.4:100-200/65536 ; ; FAIL "65536" is not a port
-p tcp -j DNAT --to-destination 192.0.2.4:100-200/ ; ; FAIL a port is missing
-p tcp -j DNAT --to-destination 192.0.2.4:80-0 ; ; FAIL the range of ports 80-0 is empty
-j DNAT --to-destination 192.0.2.4 --random-fully ; ; FAIL --random-fully

# chain OUTPUT
-d 192.0.2.1/32 -j DNAT --to-destination 192.0.2.4 ; = ; OK

# chain POSTROUTING
-j DNAT --to-destination 192.0.2.4 ; ; FAIL DNAT

# family ipv6
# chain PREROUTING
-p tcp -j DNAT --to-destination [2001:db8::1]:80-90/85 --random ; = ; OK
-p tcp -j DNAT --to-destination 2001:db8::1:80 ; = ; OK
