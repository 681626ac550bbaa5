# SPDX-License-Identifier: GPL-2.0-or-later
# -j CHECKSUM: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table mangle
# chain POSTROUTING
-j CHECKSUM --checksum-fill ; = ; OK
-o virbr0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill ; = ; OK
-p udp -j CHECKSUM --checksum-fill ; = ; OK
-j CHECKSUM ; ; FAIL CHECKSUM needs --checksum-fill
-j CHECKSUM --checksum-fill --checksum-fill ; ; FAIL --checksum-fill is given twice
-j CHECKSUM ! --checksum-fill ; ; FAIL --checksum-fill cannot be inverted
-j CHECKSUM --checksum ; -j CHECKSUM --checksum-fill ; OK
# chain PREROUTING
-j CHECKSUM --checksum-fill ; = ; OK
# chain INPUT
-j CHECKSUM --checksum-fill ; = ; OK
# chain FORWARD
-j CHECKSUM --checksum-fill ; = ; OK
# table filter
# chain FORWARD
-j CHECKSUM --checksum-fill ; ; FAIL CHECKSUM cannot be used in table filter

# family ipv6
# table mangle
# chain POSTROUTING
-j CHECKSUM --checksum-fill ; = ; OK
