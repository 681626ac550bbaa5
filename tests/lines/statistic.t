# SPDX-License-Identifier: GPL-2.0-or-later
# -m statistic: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m statistic --mode random --probability 0.5 ; -m statistic --mode random --probability 0.50000000000 ; OK
-m statistic --mode random ! --probability 0.5 ; -m statistic --mode random ! --probability 0.50000000000 ; OK
-m statistic --mode random --probability 0.33 ; -m statistic --mode random --probability 0.33000000007 ; OK
-m statistic --mode random --probability 0.33333333349 ; = ; OK
-m statistic --mode random --probability 0 ; -m statistic --mode random --probability 0.00000000000 ; OK
-m statistic --mode random --probability 1 ; -m statistic --mode random --probability 1.00000000000 ; OK
-m statistic --mode random --probability 1.1 ; ; FAIL "1.1" is not a probability from 0 to 1
-m statistic --mode random --probability -0.1 ; ; FAIL "-0.1" is not a probability from 0 to 1
-m statistic --mode random --probability abc ; ; FAIL "abc" is not a probability from 0 to 1
-m statistic --mode random --probability 1e-3 ; -m statistic --mode random --probability 0.00100000016 ; OK
-m statistic --mode random --probability 0.5x ; ; FAIL "0.5x" is not a probability from 0 to 1
-m statistic --mode random ; ; FAIL --mode random needs --probability
-m statistic --mode nth --every 3 ; ; FAIL --mode nth needs --every and --packet
-m statistic --mode nth --every 3 --packet 0 ; = ; OK
-m statistic --mode nth --every 3 --packet 2 ; = ; OK
-m statistic --mode nth --every 3 --packet 3 ; ; FAIL --packet must be less than --every
-m statistic --mode nth ! --every 3 --packet 1 ; = ; OK
-m statistic --mode nth --every 1 --packet 0 ; = ; OK
-m statistic --mode nth --every 0 --packet 0 ; ; FAIL 0 is out of range (1 to 4294967295)
-m statistic --mode nth --packet 0 ; ; FAIL --mode nth needs --every and --packet
-m statistic --mode nth --every 3 --probability 0.5 ; ; FAIL --probability cannot stand together with --every or --packet
-m statistic --mode nth --probability 0.5 ; ; FAIL --mode nth needs --every and --packet
-m statistic --mode random --every 3 --packet 0 ; ; FAIL --mode random needs --probability
-m statistic --mode other --every 3 ; ; FAIL unknown mode "other"
-m statistic --mode RANDOM --probability 0.5 ; ; FAIL unknown mode "RANDOM"
-m statistic --every 3 --packet 0 ; ; FAIL statistic needs --mode mode
-m statistic --mode nth --every 4294967295 --packet 4294967294 ; = ; OK
-m statistic ; ; FAIL statistic needs --mode mode

# family ipv6
-m statistic --mode nth --every 2 --packet 1 ; = ; OK
