# SPDX-License-Identifier: GPL-2.0-or-later
# -j NFLOG: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-j NFLOG ; = ; OK
-j NFLOG --nflog-group 1 ; = ; OK
-j NFLOG --nflog-group 0 ; -j NFLOG ; OK
-j NFLOG --nflog-group 65535 ; = ; OK
-j NFLOG --nflog-group 65536 ; ; FAIL 65536 is out of range (0 to 65535)
-j NFLOG --nflog-prefix hello ; = ; OK
-j NFLOG --nflog-prefix "hello world " ; = ; OK
-j NFLOG --nflog-prefix "" ; ; FAIL --nflog-prefix needs at least 1 character
-j NFLOG --nflog-prefix 123456789012345678901234567890123456789012345678901234567890123 ; = ; OK
-j NFLOG --nflog-prefix 1234567890123456789012345678901234567890123456789012345678901234 ; -j NFLOG --nflog-prefix 123456789012345678901234567890123456789012345678901234567890123 ; OK
-j NFLOG --nflog-range 100 ; = ; OK
-j NFLOG --nflog-range 0 ; -j NFLOG ; OK
-j NFLOG --nflog-size 64 ; = ; OK
-j NFLOG --nflog-size 0 ; = ; OK
-j NFLOG --nflog-size 64 --nflog-range 5 ; ; FAIL --nflog-range cannot stand together with --nflog-size
-j NFLOG --nflog-threshold 10 ; = ; OK
-j NFLOG --nflog-threshold 1 ; = ; OK
-j NFLOG --nflog-threshold 0 ; -j NFLOG ; OK
-j NFLOG --nflog-threshold 65536 ; ; FAIL 65536 is out of range (0 to 65535)
-j NFLOG --nflog-group 2 --nflog-prefix "p" --nflog-threshold 3 --nflog-size 20 ; -j NFLOG --nflog-prefix p --nflog-group 2 --nflog-size 20 --nflog-threshold 3 ; OK
-j NFLOG --nflog-group abc ; ; FAIL "abc" is not a number from 0 to 65535

# family ipv6
-j NFLOG --nflog-group 5 ; = ; OK
