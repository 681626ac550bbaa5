# SPDX-License-Identifier: GPL-2.0-or-later
# -m connlimit: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m connlimit --connlimit-above 5 ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-upto 5 ; -m connlimit --connlimit-upto 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit ! --connlimit-above 5 ; -m connlimit --connlimit-upto 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit ! --connlimit-upto 5 ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 0 ; -m connlimit --connlimit-above 0 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 24 ; -m connlimit --connlimit-above 5 --connlimit-mask 24 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 0 ; -m connlimit --connlimit-above 5 --connlimit-mask 0 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 32 ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 33 ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 255.255.0.0 ; -m connlimit --connlimit-above 5 --connlimit-mask 16 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 255.0.255.0 ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask abc ; ; FAIL "abc" is not an address
-m connlimit --connlimit-above 5 --connlimit-saddr ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-daddr ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-daddr ; OK
-m connlimit --connlimit-above 5 --connlimit-saddr --connlimit-daddr ; ; FAIL --connlimit-daddr cannot stand together with --connlimit-saddr
-m connlimit --connlimit-above 5 --connlimit-upto 5 ; ; FAIL --connlimit-upto cannot stand together with --connlimit-above
-m connlimit --connlimit-above abc ; ; FAIL "abc" is not a number from 0 to 4294967295
-m connlimit --connlimit-mask 24 ; ; FAIL connlimit needs --connlimit-upto or --connlimit-above
-m connlimit ; ; FAIL connlimit needs --connlimit-upto or --connlimit-above
-p tcp -m tcp --syn -m connlimit --connlimit-above 20 --connlimit-mask 24 -j DROP ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m connlimit --connlimit-above 20 --connlimit-mask 24 --connlimit-saddr -j DROP ; OK

# family ipv6
-m connlimit --connlimit-above 5 ; -m connlimit --connlimit-above 5 --connlimit-mask 128 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 64 ; -m connlimit --connlimit-above 5 --connlimit-mask 64 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 129 ; ; FAIL "129" is not an address
