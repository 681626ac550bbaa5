# SPDX-License-Identifier: GPL-2.0-or-later
# -j NOTRACK: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-j NOTRACK ; ; FAIL NOTRACK cannot be used in table filter

# table mangle
-j NOTRACK -p udp ; ; FAIL NOTRACK cannot be used in table mangle

# chain OUTPUT
-j NOTRACK ; ; FAIL NOTRACK cannot be used in table mangle

# table raw
-j NOTRACK ; = ; OK
-o lo -j NOTRACK ; = ; OK
-d 224.0.0.0/4 -j NOTRACK ; = ; OK
-p udp --dport 53 -j NOTRACK ; -p udp -m udp --dport 53 -j NOTRACK ; OK

# chain PREROUTING
-j NOTRACK ; = ; OK
-j NOTRACK --foo ; ; FAIL unknown option "--foo"
-p udp --dport 53 -j NOTRACK ; -p udp -m udp --dport 53 -j NOTRACK ; OK
-i eth0 -j NOTRACK ; = ; OK
! -i lo -j NOTRACK ; = ; OK
-s 10.0.0.0/8 -j NOTRACK ; = ; OK
-p udp -m udp --sport 53 -j NOTRACK ; = ; OK
-p tcp --syn -j NOTRACK ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j NOTRACK ; OK
-j NOTRACK --notrack ; ; FAIL unknown option "--notrack"
-p icmp -j NOTRACK ; = ; OK
-m mark --mark 1 -j NOTRACK ; -m mark --mark 0x1 -j NOTRACK ; OK
-m comment --comment "no state" -j NOTRACK ; = ; OK

# family ipv6
-j NOTRACK ; = ; OK
