# SPDX-License-Identifier: GPL-2.0-or-later
# -m hbh: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv6
-m hbh --hbh-len 0 ; = ; OK
-m hbh --hbh-len 42 ; = ; OK
-m hbh ! --hbh-len 42 ; = ; OK
-m hbh --hbh-len 42 --hbh-opts 1:2 ; = ; OK
-m hbh --hbh-opts 1 ; = ; OK
-m hbh --hbh-opts 1:2,23:42,4:6,8:10,42,23,4:5 ; = ; OK
-m hbh --hbh-opts 0 ; = ; OK
-m hbh --hbh-opts 5:255 ; -m hbh --hbh-opts 5 ; OK
-m hbh --hbh-opts 257,0x10 ; -m hbh --hbh-opts 1,16 ; OK
-m hbh --hbh-opts -3,1:-3 ; -m hbh --hbh-opts 253,1:253 ; OK
-m hbh --hbh-opts +3 ; -m hbh --hbh-opts 3 ; OK
-m hbh ; = ; OK
-m hbh --hbh-len 42 -j DROP ; = ; OK
-m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 ; = ; OK
-m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16:1 ; ; FAIL too many options: "16:1"
-m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17 ; ; FAIL too many options: "17"
-m hbh --hbh-opts 0:1 ; ; FAIL PAD0 has no length: "0:1"
-m hbh --hbh-opts 256:1 ; ; FAIL PAD0 has no length: "256:1"
-m hbh --hbh-opts x ; ; FAIL not an option: "x"
-m hbh --hbh-opts 1: ; ; FAIL not a length: "1:"
-m hbh --hbh-opts 1, ; ; FAIL not an option: ""
-m hbh ! --hbh-opts 1 ; ; FAIL --hbh-opts cannot be inverted
-m hbh --hbh-len x ; ; FAIL "x" is not a number from 0 to 4294967295
# family ipv4
-m hbh --hbh-len 1 ; ; FAIL match hbh is for IPv6 rules only
