# SPDX-License-Identifier: GPL-2.0-or-later
# -m cpu: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-m cpu --cpu 0 ; = ; OK
-m cpu ! --cpu 0 ; = ; OK
-m cpu --cpu 4294967295 -j ACCEPT ; = ; OK
-m cpu --cpu 4294967296 ; ; FAIL 4294967296 is out of range (0 to 4294967295)
-m cpu --cpu x ; ; FAIL "x" is not a number from 0 to 4294967295
-m cpu ; ; FAIL cpu needs --cpu number
# family ipv6
-m cpu --cpu 1 ; = ; OK
