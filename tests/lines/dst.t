# SPDX-License-Identifier: GPL-2.0-or-later
# -m dst: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv6
-m dst --dst-len 0 ; = ; OK
-m dst --dst-len 42 ; = ; OK
-m dst ! --dst-len 42 ; = ; OK
-m dst --dst-len 42 --dst-opts 1:2 ; = ; OK
-m dst --dst-opts 1 ; = ; OK
-m dst --dst-opts 1:2,23:42,4:6,8:10,42,23,4:5 ; = ; OK
-m dst --dst-opts 0 ; = ; OK
-m dst --dst-opts 5:255 ; -m dst --dst-opts 5 ; OK
-m dst --dst-opts 257,0x10 ; -m dst --dst-opts 1,16 ; OK
-m dst ; = ; OK
-m dst --dst-len 42 -j DROP ; = ; OK
-m dst --dst-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 ; = ; OK
-m dst --dst-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16:1 ; ; FAIL too many options: "16:1"
-m dst --dst-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17 ; ; FAIL too many options: "17"
-m dst --dst-opts 0:1 ; ; FAIL PAD0 has no length: "0:1"
-m dst --dst-opts 256:1 ; ; FAIL PAD0 has no length: "256:1"
-m dst --dst-opts x ; ; FAIL not an option: "x"
-m dst --dst-opts 1: ; ; FAIL not a length: "1:"
-m dst --dst-opts 1, ; ; FAIL not an option: ""
-m dst ! --dst-opts 1 ; ; FAIL --dst-opts cannot be inverted
-m dst --dst-len x ; ; FAIL "x" is not a number from 0 to 4294967295
# family ipv4
-m dst --dst-len 1 ; ; FAIL match dst is for IPv6 rules only
