# SPDX-License-Identifier: GPL-2.0-or-later
# -s and -d: as iptables-legacy-restore 1.8.9 takes them and iptables-legacy-save prints them.

# family ipv4
-s 192.0.2.1 ; -s 192.0.2.1/32 ; OK
-s 192.0.2.77/24 ; -s 192.0.2.0/24 ; OK
! -d 192.0.2.1 ; ! -d 192.0.2.1/32 ; OK
-s 10.1 ; -s 10.1.0.0/32 ; OK
-s 10/8 ; -s 10.0.0.0/8 ; OK
-s 0 ; -s 0.0.0.0/32 ; OK
# In any base, and what is more than a byte fills what is left.
-s 010.1.1.1 ; -s 8.1.1.1/32 ; OK
-s 0x7f.1 ; -s 127.1.0.0/32 ; OK
-s +5 ; -s 5.0.0.0/32 ; OK
-s 256 ; -s 0.0.1.0/32 ; OK
-s 10.256 ; -s 10.0.1.0/32 ; OK
-s 1.2.65535 ; -s 1.2.255.255/32 ; OK
-s 1.2.0400 ; -s 1.2.1.0/32 ; OK
-s 4294967295 ; -s 255.255.255.255/32 ; OK
-s 0x0a000001/24 ; -s 10.0.0.0/24 ; OK
-s 10.256/255.255.0.0 ; -s 10.0.0.0/16 ; OK
-s 08 ; ; FAIL "08" is not an address
-s 10. ; ; FAIL "10." is not an address
-s 1..2 ; ; FAIL "1..2" is not an address
-s 1.2.3.256 ; ; FAIL "1.2.3.256" is not an address
-s 300.1.1.1 ; ; FAIL "300.1.1.1" is not an address
-s 4294967296 ; ; FAIL "4294967296" is not an address
-s 1.2.3.4.5 ; ; FAIL "1.2.3.4.5" is not an address
