# SPDX-License-Identifier: GPL-2.0-or-later
# -m quota: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m quota --quota 0 ; = ; OK
-m quota --quota 100 ; = ; OK
-m quota ! --quota 100 ; = ; OK
-m quota --quota 0x10 ; -m quota --quota 16 ; OK
-m quota --quota 18446744073709551615 ; = ; OK
-m quota --quota 18446744073709551616 ; ; FAIL "18446744073709551616" is not a number of bytes
-m quota --quota -1 ; ; FAIL "-1" is not a number of bytes
-m quota --quota abc ; ; FAIL "abc" is not a number of bytes
-m quota --quota 1k ; ; FAIL "1k" is not a number of bytes
-m quota --quota "" ; ; FAIL "" is not a number of bytes
-m quota ; ; FAIL quota needs --quota bytes
-m quota --quota 1 --quota 2 ; ; FAIL --quota is given twice

# family ipv6
-m quota --quota 1000 ; = ; OK
