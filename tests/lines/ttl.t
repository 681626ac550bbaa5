# SPDX-License-Identifier: GPL-2.0-or-later
# -m ttl and -j TTL: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m ttl --ttl-eq 64 ; = ; OK
-m ttl ! --ttl-eq 64 ; = ; OK
-m ttl --ttl 64 ; -m ttl --ttl-eq 64 ; OK
-m ttl ! --ttl 64 ; -m ttl ! --ttl-eq 64 ; OK
-m ttl --ttl-lt 5 ; = ; OK
-m ttl --ttl-gt 250 ; = ; OK
-m ttl ! --ttl-lt 5 ; ; FAIL --ttl-lt cannot be inverted
-m ttl ! --ttl-gt 5 ; ; FAIL --ttl-gt cannot be inverted
-m ttl --ttl-eq 0 ; = ; OK
-m ttl --ttl-lt 0 ; = ; OK
-m ttl --ttl-gt 255 ; = ; OK
-m ttl --ttl-eq 255 ; = ; OK
-m ttl --ttl-eq 256 ; ; FAIL 256 is out of range (0 to 255)
-m ttl --ttl-eq 0x40 ; -m ttl --ttl-eq 64 ; OK
-m ttl --ttl-eq abc ; ; FAIL "abc" is not a number from 0 to 255
-m ttl --ttl-eq 5 --ttl-lt 6 ; ; FAIL --ttl-lt cannot stand together with --ttl-eq or --ttl-gt
-m ttl --ttl-gt 5 --ttl-lt 60 ; ; FAIL --ttl-lt cannot stand together with --ttl-eq or --ttl-gt
-m ttl --ttl-eq 5 --ttl-eq 6 ; ; FAIL --ttl-eq is given twice
-m ttl --ttl-eq 5 --ttl 6 ; ; FAIL --ttl-eq is given twice
-m ttl ; ; FAIL ttl needs --ttl-eq, --ttl-lt or --ttl-gt
-m ttl --ttl-eq -1 ; ; FAIL "-1" is not a number from 0 to 255
-m ttl --ttl-eq "" ; ; FAIL "" is not a number from 0 to 255
-m ttl --ttl 5 --ttl-gt 6 ; ; FAIL --ttl-gt cannot stand together with --ttl-eq or --ttl-lt
-m ttl --ttl-e 5 ; -m ttl --ttl-eq 5 ; OK

# family ipv6
-m ttl --ttl-eq 5 ; ; FAIL match ttl is for IPv4 rules only

# family ipv4
# table mangle
# chain FORWARD
-j TTL --ttl-set 64 ; = ; OK
-j TTL --ttl-set 0 ; = ; OK
-j TTL --ttl-set 255 ; = ; OK
-j TTL --ttl-set 256 ; ; FAIL 256 is out of range (0 to 255)
-j TTL --ttl-dec 1 ; = ; OK
-j TTL --ttl-dec 0 ; ; FAIL 0 is out of range (1 to 255)
-j TTL --ttl-inc 1 ; = ; OK
-j TTL --ttl-inc 0 ; ; FAIL 0 is out of range (1 to 255)
-j TTL --ttl-inc 255 ; = ; OK
-j TTL --ttl-inc 1 --ttl-dec 1 ; ; FAIL --ttl-dec cannot stand together with another change
-j TTL ; ; FAIL TTL needs --ttl-set, --ttl-dec or --ttl-inc
-j TTL --ttl-set abc ; ; FAIL "abc" is not a number from 0 to 255
-j TTL ! --ttl-set 5 ; ; FAIL --ttl-set cannot be inverted

# table filter
-j TTL --ttl-set 64 ; ; FAIL TTL cannot be used in table filter

# family ipv6
# table mangle
-j TTL --ttl-set 64 ; ; FAIL target TTL is for IPv4 rules only
