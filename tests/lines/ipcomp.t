# SPDX-License-Identifier: GPL-2.0-or-later
# -m ipcomp: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-p ipcomp -m ipcomp --ipcompspi 18 ; = ; OK
-p ipcomp -m ipcomp ! --ipcompspi 18 ; = ; OK
-p ipcomp -m ipcomp --ipcompspi 18:20 --compres ; = ; OK
-p ipcomp -m ipcomp --ipcompspi 18: ; -p ipcomp -m ipcomp --ipcompspi 18:4294967295 ; OK
-p ipcomp -m ipcomp --ipcompspi 0:4294967295 ; -p ipcomp -m ipcomp ; OK
-p 108 -m ipcomp --compres ; -p ipcomp -m ipcomp --ipcompspi 0 --compres ; OK
-p ipcomp -m ipcomp ; -p ipcomp -m ipcomp --ipcompspi 0 ; OK
-p ipcomp -m ipcomp -j DROP ; -p ipcomp -m ipcomp --ipcompspi 0 -j DROP ; OK
-m ipcomp --ipcompspi 18 ; ; FAIL match ipcomp needs a protocol that it understands
-p ipcomp -m ipcomp --ipcompspi y ; ; FAIL "y" is not a number from 0 to 4294967295

# family ipv6
-p ipcomp -m ipcomp --ipcompspi 18 ; = ; OK
