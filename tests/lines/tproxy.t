# SPDX-License-Identifier: GPL-2.0-or-later
# -j TPROXY: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table mangle
# chain PREROUTING
-p tcp -j TPROXY --on-port 3129 ; -p tcp -j TPROXY --on-port 3129 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 0 ; -p tcp -j TPROXY --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port http ; -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 65536 ; -p tcp -j TPROXY --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 3129 --tproxy-mark 1 ; -p tcp -j TPROXY --on-port 3129 --on-ip 0.0.0.0 --tproxy-mark 0x1/0xffffffff ; OK
-p tcp -j TPROXY --on-port 3129 --on-ip 127.0.0.1 --tproxy-mark 0x10/0x1 ; = ; OK
-p udp -j TPROXY --on-port 53 --on-ip 10.0.0.1 --tproxy-mark 010/0xff ; -p udp -j TPROXY --on-port 53 --on-ip 10.0.0.1 --tproxy-mark 0x8/0xff ; OK
-p tcp -j TPROXY ; ; FAIL --on-port
-p tcp -j TPROXY --on-ip 127.0.0.1 ; ; FAIL --on-port
-p tcp -j TPROXY --on-port 0x50 ; ; FAIL "0x50" is neither a port nor the name of a service
-p tcp -j TPROXY --on-port 80:80 ; ; FAIL --on-port takes one port
-p tcp -j TPROXY --on-port 3129 --on-ip 300.1.1.1 ; ; FAIL "300.1.1.1"
-p tcp -j TPROXY --on-port 3129 --on-ip ::1 ; ; FAIL "::1" is not an IPv4 address
-p tcp -j TPROXY --on-port 3129 --tproxy-mark x ; ; FAIL "x" is not a number from 0 to 4294967295
-p tcp -j TPROXY ! --on-port 3129 ; ; FAIL --on-port cannot be inverted
-j TPROXY --on-port 3129 ; ; FAIL target TPROXY needs a protocol that it understands
! -p tcp -j TPROXY --on-port 3129 ; ; FAIL target TPROXY needs a protocol that it understands
-p icmp -j TPROXY --on-port 3129 ; ; FAIL target TPROXY needs a protocol that it understands
# chain INPUT
-p tcp -j TPROXY --on-port 3129 ; ; FAIL TPROXY cannot be used in INPUT
# table raw
# chain PREROUTING
-p tcp -j TPROXY --on-port 3129 ; ; FAIL TPROXY cannot be used in table raw
# family ipv6
# table mangle
-p tcp -j TPROXY --on-port 3129 ; -p tcp -j TPROXY --on-port 3129 --on-ip :: --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 3129 --on-ip 2001:DB8::1 --tproxy-mark 0x1/0xff ; -p tcp -j TPROXY --on-port 3129 --on-ip 2001:db8::1 --tproxy-mark 0x1/0xff ; OK
-p tcp -j TPROXY --on-port 3129 --on-ip 127.0.0.1 ; ; FAIL "127.0.0.1" is not an IPv6 address
