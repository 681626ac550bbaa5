# SPDX-License-Identifier: GPL-2.0-or-later
# -m ah of IPv4: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-p ah -m ah --ahspi 0 ; = ; OK
-p ah -m ah --ahspi 500 ; = ; OK
-p ah -m ah ! --ahspi 500 ; = ; OK
-p ah -m ah --ahspi 100:200 ; = ; OK
-p ah -m ah ! --ahspi 100:200 ; = ; OK
-p ah -m ah --ahspi 5: ; -p ah -m ah --ahspi 5:4294967295 ; OK
-p ah -m ah --ahspi :5 ; -p ah -m ah --ahspi 0:5 ; OK
-p ah -m ah --ahspi 0:4294967295 ; -p ah -m ah ; OK
-p ah -m ah ! --ahspi 0:4294967295 ; -p ah -m ah ; OK
-p ah -m ah --ahspi 0x10:0x20 ; -p ah -m ah --ahspi 16:32 ; OK
-p ah -m ah --ahspi 9:5 ; = ; OK
-p 51 -m ah --ahspi 7 -j DROP ; -p ah -m ah --ahspi 7 -j DROP ; OK
-p ah --ahspi 7 ; -p ah -m ah --ahspi 7 ; OK
-p ah -m ah ; = ; OK
-m ah --ahspi 1 ; ; FAIL match ah needs a protocol that it understands
-p tcp -m ah --ahspi 1 ; ; FAIL match ah needs a protocol that it understands
! -p ah -m ah --ahspi 1 ; ; FAIL match ah needs a protocol that it understands
-p ah -m ah --ahspi ; ; FAIL --ahspi needs a value
-p ah -m ah --ahspi 4294967296 ; ; FAIL 4294967296 is out of range (0 to 4294967295)
-p ah -m ah --ahspi foo ; ; FAIL "foo" is not a number from 0 to 4294967295
-p ah -m ah --ahspi 1:2:3 ; ; FAIL "1:2:3" has more than two parts
-p ah -m ah --ahspi 1 --ahspi 2 ; ; FAIL --ahspi is given twice
-p ah -m ah --ahlen 3 ; ; FAIL unknown option "--ahlen"
-p ah -m ah --ahspi "" ; -p ah -m ah --ahspi 0 ; OK
