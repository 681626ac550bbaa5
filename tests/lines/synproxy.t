# SPDX-License-Identifier: GPL-2.0-or-later
# -j SYNPROXY: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-p tcp -j SYNPROXY --sack-perm --timestamp --mss 1460 --wscale 9 ; -p tcp -j SYNPROXY --sack-perm --timestamp --wscale 9 --mss 1460 ; OK
-p tcp -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460 --ecn ; = ; OK
-p tcp -j SYNPROXY ; = ; OK
-p tcp -j SYNPROXY --wscale 300 --mss 70000 ; -p tcp -j SYNPROXY --wscale 44 --mss 4464 ; OK
-j SYNPROXY --mss 1460 ; ; FAIL SYNPROXY works on TCP only
-p udp -j SYNPROXY --mss 1460 ; ; FAIL SYNPROXY works on TCP only
! -p tcp -j SYNPROXY ; ; FAIL SYNPROXY works on TCP only
-p tcp -j SYNPROXY --mss x ; ; FAIL "x" is not a number from 0 to 4294967295
# chain FORWARD
-p tcp -j SYNPROXY --mss 1460 ; = ; OK
# chain OUTPUT
-p tcp -j SYNPROXY --mss 1460 ; ; FAIL SYNPROXY cannot be used in OUTPUT
# table mangle
# chain PREROUTING
-p tcp -j SYNPROXY --mss 1460 ; ; FAIL SYNPROXY cannot be used in PREROUTING
# family ipv6
# table filter
# chain INPUT
-p tcp -j SYNPROXY --sack-perm ; = ; OK
