# SPDX-License-Identifier: GPL-2.0-or-later
# -m owner: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain OUTPUT
-m owner --uid-owner 0 ; = ; OK
-m owner --uid-owner root ; -m owner --uid-owner 0 ; OK
-m owner --uid-owner 1000 ; = ; OK
-m owner --uid-owner 1000-2000 ; = ; OK
-m owner --uid-owner 1000:2000 ; -m owner --uid-owner 1000-2000 ; OK
-m owner --uid-owner 2000-1000 ; ; FAIL a range of owners is empty
-m owner ! --uid-owner 1000 ; = ; OK
-m owner --gid-owner 100 ; = ; OK
-m owner --gid-owner root ; -m owner --gid-owner 0 ; OK
-m owner ! --gid-owner 100-200 ; = ; OK
-m owner --uid-owner 0 --gid-owner 0 ; = ; OK
-m owner --gid-owner 5 --uid-owner 6 ; -m owner --uid-owner 6 --gid-owner 5 ; OK
-m owner --socket-exists ; = ; OK
-m owner ! --socket-exists ; = ; OK
-m owner --socket-exists --uid-owner 5 ; = ; OK
-m owner --gid-owner 5 --suppl-groups ; = ; OK
-m owner --suppl-groups ; ; FAIL --suppl-groups stands behind --gid-owner
-m owner --uid-owner 4294967294 ; = ; OK
-m owner --uid-owner 4294967295 ; ; FAIL "4294967295" is not a user
-m owner --uid-owner -1 ; ; FAIL "-1" is not a user
-m owner --uid-owner 1- ; ; FAIL "1-" is not a user
-m owner --uid-owner 1-2-3 ; ; FAIL "1-2-3" is not a user
-m owner --uid-owner "" ; ; FAIL "" is not a user
-m owner ; ; FAIL owner needs --uid-owner, --gid-owner or --socket-exists
-m owner --uid-owner 1 --uid-owner 2 ; ; FAIL --uid-owner is given twice
-m owner --uid-owner 0x10 ; -m owner --uid-owner 16 ; OK

# chain INPUT
-m owner --uid-owner 0 ; ; FAIL owner cannot be used in INPUT

# table nat
# chain POSTROUTING
-m owner --uid-owner 0 -j ACCEPT ; = ; OK

# family ipv6
# table filter
# chain OUTPUT
-m owner --uid-owner 1000 ; = ; OK

# family ipv4
# table filter
# chain OUTPUT
-m owner --suppl-groups --gid-owner 5 ; ; FAIL --suppl-groups stands behind --gid-owner
