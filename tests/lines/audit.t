# SPDX-License-Identifier: GPL-2.0-or-later
# -j AUDIT: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-j AUDIT --type accept ; = ; OK
-j AUDIT --type drop ; = ; OK
-j AUDIT --type reject ; = ; OK
-j AUDIT --type ACCEPT ; -j AUDIT --type accept ; OK
-j AUDIT ; ; FAIL AUDIT needs --type type
-j AUDIT --type foo ; ; FAIL unknown type "foo"
-j AUDIT --type ; ; FAIL --type needs a value
# family ipv6
# chain FORWARD
-j AUDIT --type drop ; = ; OK
