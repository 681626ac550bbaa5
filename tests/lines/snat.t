# SPDX-License-Identifier: GPL-2.0-or-later
# -j SNAT: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table nat
# chain POSTROUTING
-j SNAT --to-source 192.0.2.4 ; = ; OK
-j SNAT --to-source 192.0.2.4-192.0.2.9 ; = ; OK
-j SNAT --to-source 192.0.2.4-192.0.2.4 ; -j SNAT --to-source 192.0.2.4 ; OK
-j SNAT --to-source 192.0.2.9-192.0.2.4 ; = ; OK
-j SNAT --to 192.0.2.4 ; -j SNAT --to-source 192.0.2.4 ; OK
-p tcp -j SNAT --to-source 192.0.2.4:100 ; = ; OK
-p tcp -j SNAT --to-source 192.0.2.4:100-100 ; -p tcp -j SNAT --to-source 192.0.2.4:100 ; OK
-p udp -j SNAT --to-source :100-200 ; = ; OK
-p tcp -j SNAT --to-source 192.0.2.4-192.0.2.9:100-200 --persistent --random-fully --random ; -p tcp -j SNAT --to-source 192.0.2.4-192.0.2.9:100-200 --random --random-fully --persistent ; OK
-p tcp -j SNAT --to-source 192.0.2.4:0 ; = ; OK
-p tcp -j SNAT --to-source 192.0.2.4:http ; -p tcp -j SNAT --to-source 192.0.2.4:80 ; OK
-p udp -j SNAT --to-source 192.0.2.4:tftp ; -p udp -j SNAT --to-source 192.0.2.4:69 ; OK
-p tcp -j SNAT --to-source 192.0.2.4:0x50 ; -p tcp -j SNAT --to-source 192.0.2.4:80 ; OK
-p tcp -j SNAT --to-source 192.0.2.4:010 ; -p tcp -j SNAT --to-source 192.0.2.4:8 ; OK
-p tcp -j SNAT --to-source 192.0.2.4:100-200/50 ; -p tcp -j SNAT --to-source 192.0.2.4:100-200/0 ; OK
-p sctp -j SNAT --to-source 192.0.2.4:100 ; = ; OK
-p dccp -j SNAT --to-source 192.0.2.4:100 ; = ; OK
-p icmp -j SNAT --to-source 192.0.2.4:100 ; = ; OK
! -p tcp -j SNAT --to-source 192.0.2.4:100 ; = ; OK
-j SNAT --to-source 192.0.2.4 --random ; = ; OK
-o eth0 -s 10.0.0.0/8 -j SNAT --to-source 192.0.2.4 ; -s 10.0.0.0/8 -o eth0 -j SNAT --to-source 192.0.2.4 ; OK
-j SNAT ; ; FAIL SNAT needs --to-source
-j SNAT --random ; ; FAIL SNAT needs --to-source
-j SNAT --to-source 192.0.2.4 --to-source 192.0.2.5 ; ; FAIL --to-source is given twice
-j SNAT --to-source 192.0.2.4:100 ; ; FAIL a port needs a protocol that has ports
-p udplite -j SNAT --to-source 192.0.2.4:100 ; ; FAIL a port needs a protocol that has ports
-p gre -j SNAT --to-source 192.0.2.4:100 ; ; FAIL a port needs a protocol that has ports
-p tcp -j SNAT --to-source 192.0.2.4:200-100 ; ; FAIL the range of ports 200-100 is empty
-p tcp -j SNAT --to-source 192.0.2.4:http-https ; ; FAIL "http-https" is not a port
-p tcp -j SNAT --to-source 192.0.2.4:100-https ; ; FAIL "https" is not a port
-p tcp -j SNAT --to-source 192.0.2.4:65536 ; ; FAIL "65536" is not a port
-p tcp -j SNAT --to-source 192.0.2.4: ; ; FAIL a port is missing
-p tcp -j SNAT --to-source 192.0.2.4:100- ; ; FAIL a port is missing
-p tcp -j SNAT --to-source 192.0.2.4:-100 ; ; FAIL "-100" is not a port
-p tcp -j SNAT --to-source 192.0.2.4:1-2-3 ; ; FAIL "1-2-3" is not a port or a range of ports
-p tcp -j SNAT --to-source 192.0.2.4:1:2 ; ; FAIL a range of ports here is FIRST-LAST
-p tcp -j SNAT --to-source 192.0.2.4-:100 ; ; FAIL "" is not an IPv4 address
-j SNAT --to-source 192.0.2.4-192.0.2.5-192.0.2.6 ; ; FAIL "192.0.2.5-192.0.2.6" is not an IPv4 address
-j SNAT --to-source 192.0.2 ; ; FAIL "192.0.2" is not an IPv4 address
-j SNAT --to-source 010.1.2.3 ; ; FAIL "010.1.2.3" is not an IPv4 address
-j SNAT --to-source gateway ; ; FAIL "gateway" is not an IPv4 address
-j SNAT --to-source "" ; ; FAIL "" is not an IPv4 address
-j SNAT --to-source 2001:db8::1 ; ; FAIL is not a port
-j SNAT ! --to-source 192.0.2.4 ; ; FAIL --to-source cannot be inverted

# chain INPUT
-j SNAT --to-source 192.0.2.4 ; = ; OK

# chain PREROUTING
-j SNAT --to-source 192.0.2.4 ; ; FAIL SNAT

# chain OUTPUT
-j SNAT --to-source 192.0.2.4 ; ; FAIL SNAT

# table filter
# chain INPUT
-j SNAT --to-source 192.0.2.4 ; ; FAIL SNAT

# family ipv6
# table nat
# chain POSTROUTING
-j SNAT --to-source 2001:db8::1 ; = ; OK
-j SNAT --to-source 2001:DB8:0::1-2001:db8::5 ; -j SNAT --to-source 2001:db8::1-2001:db8::5 ; OK
-j SNAT --to-source [2001:db8::1] ; -j SNAT --to-source 2001:db8::1 ; OK
-p tcp -j SNAT --to-source [2001:db8::1]:80 ; = ; OK
-p tcp -j SNAT --to-source [2001:db8::1-2001:db8::9]:80-90 --persistent ; = ; OK
-p tcp -j SNAT --to-source :80 ; = ; OK
-p tcp -j SNAT --to-source []:80 ; -p tcp -j SNAT --to-source :80 ; OK
-p tcp -j SNAT --to-source [2001:db8::1]-[2001:db8::9]:80 ; ; FAIL is not an address with ports
-p tcp -j SNAT --to-source [2001:db8::1 ; ; FAIL is not an address with ports
-p icmpv6 -j SNAT --to-source [2001:db8::1]:80 ; ; FAIL a port needs a protocol that has ports
-j SNAT --to-source [2001:db8::1]:80 ; ; FAIL a port needs a protocol that has ports
-j SNAT --to-source 192.0.2.4 ; ; FAIL "192.0.2.4" is not an IPv6 address
