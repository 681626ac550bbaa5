# SPDX-License-Identifier: GPL-2.0-or-later
# -j IDLETIMER: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
-j IDLETIMER --timeout 42 --label foo ; = ; OK
-j IDLETIMER --label two-words --timeout 2147482 ; -j IDLETIMER --timeout 2147482 --label two-words ; OK
-j IDLETIMER --timeout 2147483 --label foo ; ; FAIL 2147483 is out of range (1 to 2147482)
-j IDLETIMER --timeout 0 --label foo ; ; FAIL 0 is out of range (1 to 2147482)
-j IDLETIMER --timeout 42 ; ; FAIL IDLETIMER needs --label name
-j IDLETIMER --label foo ; ; FAIL IDLETIMER needs --timeout seconds
-j IDLETIMER ; ; FAIL IDLETIMER needs --timeout seconds
-j IDLETIMER --timeout x --label foo ; ; FAIL "x" is not a number from 1 to 2147482
-j IDLETIMER --timeout 1 --label abcdefghijklmnopqrstuvwxyz1 ; = ; OK
-j IDLETIMER --timeout 1 --label abcdefghijklmnopqrstuvwxyz12 ; -j IDLETIMER --timeout 1 --label abcdefghijklmnopqrstuvwxyz1 ; OK
# family ipv6
-j IDLETIMER --timeout 42 --label six ; = ; OK

# family ipv4
# table filter
# chain FORWARD
-j IDLETIMER --timeout 10 --label a/b ; ; FAIL "a/b" is not a good name
-j IDLETIMER --timeout 10 --label power ; ; FAIL the label "power" is taken by the kernel
-j IDLETIMER --timeout 10 --label . ; ; FAIL "." is not a good name
