# SPDX-License-Identifier: GPL-2.0-or-later
# -m ecn and -j ECN: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m ecn --ecn-ip-ect 0 ; = ; OK
-m ecn --ecn-ip-ect 3 ; = ; OK
-m ecn ! --ecn-ip-ect 2 ; = ; OK
-m ecn --ecn-ip-ect 4 ; ; FAIL 4 is out of range (0 to 3)
-m ecn --ecn-ip-ect abc ; ; FAIL "abc" is not a number from 0 to 3
-p tcp -m ecn --ecn-tcp-ece ; = ; OK
-p tcp -m ecn --ecn-tcp-cwr ; = ; OK
-p tcp -m ecn ! --ecn-tcp-cwr ; = ; OK
-p tcp -m ecn ! --ecn-tcp-ece --ecn-tcp-cwr --ecn-ip-ect 1 ; = ; OK
-p tcp -m ecn --ecn-tcp-cwr --ecn-tcp-ece ; -p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr ; OK
-m ecn --ecn-tcp-ece ; ; FAIL --ecn-tcp-ece and --ecn-tcp-cwr look at TCP
-p udp -m ecn --ecn-tcp-ece ; ; FAIL --ecn-tcp-ece and --ecn-tcp-cwr look at TCP
! -p tcp -m ecn --ecn-tcp-cwr ; ; FAIL --ecn-tcp-ece and --ecn-tcp-cwr look at TCP
-m ecn ; ; FAIL ecn needs --ecn-ip-ect, --ecn-tcp-ece or --ecn-tcp-cwr

# table mangle
-p tcp -j ECN --ecn-tcp-remove ; = ; OK
-j ECN --ecn-tcp-remove ; ; FAIL ECN changes TCP only
-p udp -j ECN --ecn-tcp-remove ; ; FAIL ECN changes TCP only
-p tcp -j ECN --ecn-tcp-ece 1 ; = ; OK
-p tcp -j ECN --ecn-tcp-cwr 1 ; = ; OK
-p tcp -j ECN --ecn-tcp-cwr 0 ; = ; OK
-p tcp -j ECN --ecn-tcp-ece 1 --ecn-tcp-cwr 1 ; = ; OK
-p tcp -j ECN --ecn-tcp-ece 2 ; ; FAIL 2 is out of range (0 to 1)
-j ECN --ecn-ip-ect 1 ; = ; OK
-j ECN --ecn-ip-ect 0 ; = ; OK
-j ECN --ecn-ip-ect 4 ; ; FAIL 4 is out of range (0 to 3)
-p tcp -j ECN --ecn-tcp-remove --ecn-tcp-ece 0 ; ; FAIL --ecn-tcp-ece cannot stand together with --ecn-tcp-remove
-j ECN ; ; FAIL ECN needs --ecn-tcp-remove or another option

# table filter
-p tcp -j ECN --ecn-tcp-remove ; ; FAIL ECN cannot be used in table filter

# family ipv6
-m ecn --ecn-ip-ect 1 ; = ; OK
# table mangle
-p tcp -j ECN --ecn-tcp-remove ; ; FAIL target ECN is for IPv4 rules only

# family ipv4
# table mangle
# chain FORWARD
-p tcp -j ECN --ecn-tcp-remove --ecn-ip-ect 1 ; -p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0 --ecn-ip-ect 1 ; OK
-p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0 ; -p tcp -j ECN --ecn-tcp-remove ; OK
