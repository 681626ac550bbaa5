# SPDX-License-Identifier: GPL-2.0-or-later
# -m osf: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-p tcp -m osf --genre Linux ; = ; OK
-p tcp -m osf ! --genre Linux ; = ; OK
-p tcp -m osf --genre Linux --ttl 0 ; = ; OK
-p tcp -m osf --genre Linux --ttl 2 --log 1 -j DROP ; = ; OK
-p tcp -m osf --genre FreeBSD --log 0 ; = ; OK
-p tcp -m osf --genre Linux --ttl 3 ; ; FAIL 3 is out of range (0 to 2)
-p tcp -m osf --genre Linux --log 3 ; ; FAIL 3 is out of range (0 to 2)
-p tcp -m osf ; ; FAIL osf needs --genre name
-m osf --genre Linux ; ; FAIL match osf needs a protocol that it understands
-p udp -m osf --genre Linux ; ; FAIL match osf needs a protocol that it understands
# chain FORWARD
-p tcp -m osf --genre Linux ; = ; OK
# chain OUTPUT
-p tcp -m osf --genre Linux ; ; FAIL osf cannot be used in OUTPUT
# family ipv6
# chain INPUT
-p tcp -m osf --genre Linux ; ; FAIL match osf is for IPv4 rules only
