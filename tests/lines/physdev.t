# SPDX-License-Identifier: GPL-2.0-or-later
# -m physdev: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# chain FORWARD
-m physdev --physdev-in lan0 ; = ; OK
-m physdev --physdev-out lan+ ; = ; OK
-m physdev ! --physdev-in lan0 ! --physdev-out lan1 ; = ; OK
-m physdev --physdev-is-in ; = ; OK
-m physdev --physdev-is-out ; = ; OK
-m physdev --physdev-is-bridged ; = ; OK
-m physdev ! --physdev-is-bridged ! --physdev-is-in ! --physdev-is-out ; -m physdev ! --physdev-is-in ! --physdev-is-out ! --physdev-is-bridged ; OK
-m physdev --physdev-is-bridged --physdev-out lan1 --physdev-is-out --physdev-in lan0 --physdev-is-in -j ACCEPT ; -m physdev --physdev-is-in --physdev-in lan0 --physdev-is-out --physdev-out lan1 --physdev-is-bridged -j ACCEPT ; OK
-m physdev --physdev-in abcdefghijklmno ; = ; OK
-m physdev --physdev-in abcdefghijklmnop ; ; FAIL at most 15 characters, this has 16
-m physdev ; ; FAIL physdev needs one of its options
# chain INPUT
-m physdev --physdev-in lan0 ; = ; OK
-m physdev --physdev-out lan0 ; = ; OK
# chain OUTPUT
-m physdev --physdev-out lan0 ; ; FAIL OUTPUT does not know the port that a packet will leave by
-m physdev --physdev-is-out ; ; FAIL OUTPUT does not know the port that a packet will leave by
-m physdev --physdev-is-bridged --physdev-out lan0 ; -m physdev --physdev-out lan0 --physdev-is-bridged ; OK
-m physdev ! --physdev-is-bridged --physdev-out lan0 ; ; FAIL OUTPUT does not know the port that a packet will leave by
-m physdev --physdev-in lan0 ; = ; OK
# family ipv6
# chain FORWARD
-m physdev --physdev-is-bridged ; = ; OK
