# SPDX-License-Identifier: GPL-2.0-or-later
# -m udp: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-p udp -m tcp --dport 1 ; ; FAIL match tcp needs a protocol that it understands
-p udp --dport 53 ; -p udp -m udp --dport 53 ; OK
-p udp ! --sport 53 --dport 1024: ; -p udp -m udp ! --sport 53 --dport 1024:65535 ; OK
-p udp --sport 0:65535 ; -p udp -m udp ; OK
-p udp --dport : ; -p udp -m udp ; OK
-p udp --dport 5:1 ; -p udp -m udp --dport 5:1 ; OK
-p tcp -m udp --dport 53 ; ; FAIL match udp needs a protocol that it understands
-p udp --source-port domain --destination-port tftp ; -p udp -m udp --sport 53 --dport 69 ; OK
-p udp --dport http ; -p udp -m udp --dport 80 ; OK
-p udp --dport tftp ; -p udp -m udp --dport 69 ; OK
-p udplite -m udp --dport 5 ; ; FAIL match udp needs a protocol that it understands
-p udp --dport 1 --dport 2 ; ; FAIL --dport is given twice
-p udp -m udp --dport 0 ; = ; OK
-p udp -m udp --dport 65535 ; = ; OK
-p udp --dport 65536 ; -p udp -m udp --dport 0 ; OK
-p udp --dport 4294967296 ; -p udp -m udp --dport 0 ; OK
-p udp --dport 99999999999 ; -p udp -m udp --dport 59391 ; OK
-p udp --dport 4294967295 ; ; FAIL port 4294967295 is out of range (0 to 65535)
-p udp --dport 18446744073709551616 ; ; FAIL port 18446744073709551616 is out of range (0 to 65535)
-p udp ! --dport 53 ; -p udp -m udp ! --dport 53 ; OK
-p udp ! --dport 1024:65535 ; -p udp -m udp ! --dport 1024:65535 ; OK
-p udp --sport 53 --dport 53 ; -p udp -m udp --sport 53 --dport 53 ; OK
-p udp --dport nosuchservice ; ; FAIL "nosuchservice" is neither a port nor the name of a service
-p udp --dport 53: ; -p udp -m udp --dport 53:65535 ; OK
-p udp --sport :53 ; -p udp -m udp --sport 0:53 ; OK
-p udp --dport 0x35 ; ; FAIL "0x35" is neither a port nor the name of a service
-p udp --dport 1,2 ; ; FAIL "1,2" is neither a port nor the name of a service
-p udp ! --sport 0:65535 ; -p udp -m udp ; OK
-p udp --dport "" ; -p udp -m udp --dport 0 ; OK
-p udp --dport 53 --sport 1 --dport 2 ; ; FAIL --dport is given twice
-m udp --dport 53 ; ; FAIL match udp needs a protocol that it understands
-p udp --syn ; ; FAIL unknown option "--syn"

# family ipv6
-p udp --dport 53 ; -p udp -m udp --dport 53 ; OK
