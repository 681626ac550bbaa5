# SPDX-License-Identifier: GPL-2.0-or-later
# -m hl and -j HL: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m hl --hl-eq 5 ; ; FAIL match hl is for IPv6 rules only

# family ipv6
-m hl --hl-eq 64 ; = ; OK
-m hl ! --hl-eq 64 ; = ; OK
-m hl --hl-lt 5 ; = ; OK
-m hl --hl-gt 250 ; = ; OK
-m hl ! --hl-lt 5 ; ; FAIL --hl-lt cannot be inverted
-m hl ! --hl-gt 5 ; ; FAIL --hl-gt cannot be inverted
-m hl --hl-eq 0 ; = ; OK
-m hl --hl-eq 255 ; = ; OK
-m hl --hl-eq 256 ; ; FAIL 256 is out of range (0 to 255)
-m hl --hl-lt 0 ; = ; OK
-m hl --hl-gt 255 ; = ; OK
-m hl --hl 64 ; -m hl --hl-eq 64 ; OK
-m hl ; ; FAIL hl needs --hl-eq, --hl-lt or --hl-gt
-m hl --hl-eq 5 --hl-lt 6 ; ; FAIL --hl-lt cannot stand together with --hl-eq or --hl-gt
-m hl --hl-eq abc ; ; FAIL "abc" is not a number from 0 to 255
-m hl --hl-eq 0x40 ; -m hl --hl-eq 64 ; OK
-m hl --hl-eq 010 ; -m hl --hl-eq 8 ; OK

# family ipv6
# table mangle
# chain FORWARD
-j HL --hl-set 64 ; = ; OK
-j HL --hl-set 0 ; = ; OK
-j HL --hl-set 255 ; = ; OK
-j HL --hl-set 256 ; ; FAIL 256 is out of range (0 to 255)
-j HL --hl-dec 1 ; = ; OK
-j HL --hl-dec 0 ; ; FAIL 0 is out of range (1 to 255)
-j HL --hl-inc 1 ; = ; OK
-j HL --hl-inc 0 ; ; FAIL 0 is out of range (1 to 255)
-j HL --hl-inc 255 ; = ; OK
-j HL --hl-inc 1 --hl-dec 1 ; ; FAIL --hl-dec cannot stand together with another change
-j HL ; ; FAIL HL needs --hl-set, --hl-dec or --hl-inc
-j HL --hl-set abc ; ; FAIL "abc" is not a number from 0 to 255
-j HL ! --hl-set 5 ; ; FAIL --hl-set cannot be inverted

# table filter
-j HL --hl-set 64 ; ; FAIL HL cannot be used in table filter

# family ipv4
# table mangle
-j HL --hl-set 64 ; ; FAIL target HL is for IPv6 rules only
