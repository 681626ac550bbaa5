# SPDX-License-Identifier: GPL-2.0-or-later
# -m dscp and -j DSCP: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m dscp --dscp 0 ; -m dscp --dscp 0x00 ; OK
-m dscp --dscp 0x2e ; = ; OK
-m dscp --dscp 46 ; -m dscp --dscp 0x2e ; OK
-m dscp ! --dscp 46 ; -m dscp ! --dscp 0x2e ; OK
-m dscp --dscp 63 ; -m dscp --dscp 0x3f ; OK
-m dscp --dscp 64 ; ; FAIL 64 is out of range (0 to 63)
-m dscp --dscp-class EF ; -m dscp --dscp 0x2e ; OK
-m dscp --dscp-class ef ; -m dscp --dscp 0x2e ; OK
-m dscp --dscp-class BE ; -m dscp --dscp 0x00 ; OK
-m dscp --dscp-class CS1 ; -m dscp --dscp 0x08 ; OK
-m dscp ! --dscp-class AF41 ; -m dscp ! --dscp 0x22 ; OK
-m dscp --dscp-class AF44 ; ; FAIL unknown class "AF44"
-m dscp --dscp-class EFx ; -m dscp --dscp 0x2e ; OK
-m dscp --dscp-class "" ; ; FAIL a class is missing
-m dscp ; ; FAIL dscp needs --dscp or --dscp-class
-m dscp --dscp 1 --dscp-class EF ; ; FAIL --dscp-class cannot stand together with --dscp
-m dscp --dscp abc ; ; FAIL "abc" is not a number from 0 to 63

# table mangle
-j DSCP --set-dscp 0 ; -j DSCP --set-dscp 0x00 ; OK
-j DSCP --set-dscp 0x3f ; = ; OK
-j DSCP --set-dscp 64 ; ; FAIL 64 is out of range (0 to 63)
-j DSCP --set-dscp-class CS4 ; -j DSCP --set-dscp 0x20 ; OK
-j DSCP --set-dscp-class nothing ; ; FAIL unknown class "nothing"
-j DSCP ; ; FAIL DSCP needs --set-dscp or --set-dscp-class
-j DSCP --set-dscp 1 --set-dscp-class EF ; ; FAIL --set-dscp-class cannot stand together with --set-dscp

# table filter
-j DSCP --set-dscp 1 ; ; FAIL DSCP cannot be used in table filter

# family ipv6
-m dscp --dscp 0x0a ; = ; OK
# table mangle
-j DSCP --set-dscp 0x0a ; = ; OK
