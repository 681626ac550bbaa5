# SPDX-License-Identifier: GPL-2.0-or-later
# -j REDIRECT: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table nat
# chain PREROUTING
-j REDIRECT ; = ; OK
-p tcp -j REDIRECT --to-ports 80 ; = ; OK
-p tcp -j REDIRECT --to-ports 80-90 --random ; = ; OK
-p tcp -j REDIRECT --to-port http ; -p tcp -j REDIRECT --to-ports 80 ; OK
-p tcp -j REDIRECT --to-ports 0 ; = ; OK
-j REDIRECT --random ; = ; OK
-p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3128 ; = ; OK
-j REDIRECT --to-ports 80 ; ; FAIL a port needs a protocol that has ports
-p tcp -j REDIRECT --to-ports 90-80 ; ; FAIL the range of ports 90-80 is empty
-p tcp -j REDIRECT --to-ports 80:90 ; ; FAIL a range of ports here is FIRST-LAST
-p tcp -j REDIRECT --to-ports 80-90/70 ; ; FAIL REDIRECT cannot shift ports
-p tcp -j REDIRECT --to-ports 80- ; ; FAIL a port is missing
-p tcp -j REDIRECT --to-ports "" ; ; FAIL a port is missing
-p tcp -j REDIRECT --to-ports 65536 ; ; FAIL "65536" is not a port
-j REDIRECT --random-fully ; ; FAIL --random-fully
-j REDIRECT --persistent ; ; FAIL --persistent

# chain OUTPUT
-p udp -m udp --dport 53 -j REDIRECT --to-ports 5353 ; = ; OK

# chain POSTROUTING
-j REDIRECT ; ; FAIL REDIRECT

# family ipv6
# chain PREROUTING
-p tcp -j REDIRECT --to-ports 80-90 ; = ; OK
