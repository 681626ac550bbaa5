# SPDX-License-Identifier: GPL-2.0-or-later
# -j ULOG: as the extension of iptables 1.8.9 parses and prints it. Kernels since 3.17 refuse it.

# command-before iptables-legacy -A OUTPUT -j ULOG
-j ULOG ; = ; OK
-j ULOG --ulog-nlgroup 3 --ulog-cprange 100 --ulog-qthreshold 5 --ulog-prefix "hello: " ; -j ULOG --ulog-prefix "hello: " --ulog-nlgroup 3 --ulog-cprange 100 --ulog-qthreshold 5 ; OK
-j ULOG --ulog-nlgroup 1 --ulog-qthreshold 1 --ulog-cprange 0 ; -j ULOG ; OK
-j ULOG --ulog-nlgroup 32 ; = ; OK
-j ULOG --ulog-qthreshold 50 ; = ; OK
-j ULOG --ulog-cprange 4294967295 ; = ; OK
-j ULOG --ulog-prefix 0123456789012345678901234567890 ; = ; OK
-j ULOG --ulog-prefix 01234567890123456789012345678901 ; -j ULOG --ulog-prefix 0123456789012345678901234567890 ; OK
-j ULOG --ulog-nlgroup 0 ; ; FAIL 0 is out of range (1 to 32)
-j ULOG --ulog-nlgroup 33 ; ; FAIL 33 is out of range (1 to 32)
-j ULOG --ulog-qthreshold 0 ; ; FAIL 0 is out of range (1 to 50)
-j ULOG --ulog-qthreshold 51 ; ; FAIL 51 is out of range (1 to 50)
-j ULOG --ulog-cprange x ; ; FAIL "x" is not a number
-j ULOG --ulog-prefix "" ; ; FAIL --ulog-prefix
-j ULOG --ulog-prefix a --ulog-prefix b ; ; FAIL --ulog-prefix
-j ULOG ! --ulog-prefix a ; ; FAIL --ulog-prefix
# family ipv6
-j ULOG ; ; FAIL target ULOG is for IPv4 rules only
