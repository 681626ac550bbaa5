# SPDX-License-Identifier: GPL-2.0-or-later
# -m socket: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table mangle
# chain PREROUTING
-m socket ; = ; OK
-m socket --transparent ; = ; OK
-m socket --nowildcard -j DROP ; = ; OK
-m socket --restore-skmark ; = ; OK
-m socket --restore-skmark --nowildcard --transparent ; -m socket --transparent --nowildcard --restore-skmark ; OK
-m socket ! --transparent ; ; FAIL --transparent cannot be inverted
# chain INPUT
-m socket --transparent --nowildcard ; = ; OK
# chain FORWARD
-m socket ; ; FAIL socket cannot be used in FORWARD
# family ipv6
# chain PREROUTING
-m socket --transparent ; = ; OK
