# SPDX-License-Identifier: GPL-2.0-or-later
# -m esp: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-p esp -m esp --espspi 500 ; = ; OK
-p esp -m esp ! --espspi 500 ; = ; OK
-p esp -m esp --espspi 500:600 -j ACCEPT ; = ; OK
-p esp -m esp --espspi 500: ; -p esp -m esp --espspi 500:4294967295 ; OK
-p esp -m esp --espspi :500 ; -p esp -m esp --espspi 0:500 ; OK
-p esp -m esp --espspi 0:4294967295 ; -p esp -m esp ; OK
-p esp --espspi 1 ; -p esp -m esp --espspi 1 ; OK
-p 50 -m esp --espspi 1 ; -p esp -m esp --espspi 1 ; OK
-p esp -m esp ; = ; OK
-m esp --espspi 1 ; ; FAIL match esp needs a protocol that it understands
-p udp -m esp --espspi 1 ; ; FAIL match esp needs a protocol that it understands
-p esp -m esp --espspi x ; ; FAIL "x" is not a number from 0 to 4294967295
-p esp -m esp --espspi 6:5 ; = ; OK

# family ipv6
-p esp -m esp --espspi 500 ; = ; OK
-p esp -m esp ! --espspi 5:6 ; = ; OK
-m esp --espspi 1 ; ; FAIL match esp needs a protocol that it understands
-p esp -m esp --espspi "" ; -p esp -m esp --espspi 0 ; OK
