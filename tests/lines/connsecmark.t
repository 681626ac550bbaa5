# SPDX-License-Identifier: GPL-2.0-or-later
# -j CONNSECMARK: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table mangle
# chain PREROUTING
-j CONNSECMARK --restore ; = ; OK
-j CONNSECMARK --save ; = ; OK
-j CONNSECMARK ; ; FAIL CONNSECMARK needs --save or --restore
-j CONNSECMARK --save --restore ; ; FAIL --restore cannot stand together with --save
# table security
# chain INPUT
-j CONNSECMARK --save ; = ; OK
# table filter
-j CONNSECMARK --save ; ; FAIL CONNSECMARK cannot be used in table filter
# family ipv6
# table mangle
# chain FORWARD
-j CONNSECMARK --restore ; = ; OK
