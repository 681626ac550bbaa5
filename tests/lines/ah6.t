# SPDX-License-Identifier: GPL-2.0-or-later
# -m ah of IPv6: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv6
-m ah --ahspi 0 ; = ; OK
-m ah --ahspi 100:200 ; = ; OK
-m ah ! --ahspi 100:200 ; = ; OK
-m ah --ahspi 0:4294967295 ; -m ah ; OK
-m ah --ahlen 24 ; = ; OK
-m ah ! --ahlen 24 ; = ; OK
-m ah --ahlen 0 ; -m ah ; OK
-m ah ! --ahlen 0 ; = ; OK
-m ah --ahres ; = ; OK
-m ah ! --ahres ; ; FAIL --ahres cannot be inverted
-m ah --ahspi 5 --ahlen 28 --ahres -j DROP ; = ; OK
-m ah ; = ; OK
-p ah -m ah --ahspi 5 ; = ; OK
-p tcp -m ah --ahspi 5 ; = ; OK
-m ah --ahlen x ; ; FAIL "x" is not a number from 0 to 4294967295
-m ah --ahlen 4294967296 ; ; FAIL 4294967296 is out of range (0 to 4294967295)
