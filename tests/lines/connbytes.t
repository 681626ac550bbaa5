# SPDX-License-Identifier: GPL-2.0-or-later
# -m connbytes: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m connbytes --connbytes 100 --connbytes-mode bytes --connbytes-dir both ; = ; OK
-m connbytes --connbytes 100: --connbytes-mode bytes --connbytes-dir both ; -m connbytes --connbytes 100 --connbytes-mode bytes --connbytes-dir both ; OK
-m connbytes --connbytes 100:200 --connbytes-mode packets --connbytes-dir original ; = ; OK
-m connbytes ! --connbytes 100:200 --connbytes-mode packets --connbytes-dir reply ; = ; OK
-m connbytes ! --connbytes 100 --connbytes-mode packets --connbytes-dir reply ; = ; OK
-m connbytes --connbytes :200 --connbytes-mode avgpkt --connbytes-dir reply ; -m connbytes --connbytes 0:200 --connbytes-mode avgpkt --connbytes-dir reply ; OK
-m connbytes --connbytes 200:100 --connbytes-mode avgpkt --connbytes-dir reply ; ; FAIL the range 200:100 is empty
-m connbytes --connbytes 0:0 --connbytes-mode avgpkt --connbytes-dir reply ; -m connbytes --connbytes 0 --connbytes-mode avgpkt --connbytes-dir reply ; OK
-m connbytes ! --connbytes 5:5 --connbytes-mode packets --connbytes-dir both ; -m connbytes --connbytes 5:5 --connbytes-mode packets --connbytes-dir both ; OK
-m connbytes ! --connbytes 5:6 --connbytes-mode packets --connbytes-dir both ; = ; OK
-m connbytes --connbytes 0 --connbytes-mode avgpkt --connbytes-dir reply ; = ; OK
-m connbytes --connbytes 0:18446744073709551615 --connbytes-mode bytes --connbytes-dir both ; -m connbytes --connbytes 0 --connbytes-mode bytes --connbytes-dir both ; OK
-m connbytes --connbytes 100 --connbytes-mode Bytes --connbytes-dir both ; ; FAIL unknown mode "Bytes"
-m connbytes --connbytes 100 --connbytes-mode bytes ; ; FAIL connbytes needs --connbytes-dir direction
-m connbytes --connbytes 100 --connbytes-dir both ; ; FAIL connbytes needs --connbytes-mode mode
-m connbytes --connbytes-mode bytes --connbytes-dir both ; ; FAIL connbytes needs --connbytes from[:to]
-m connbytes --connbytes abc --connbytes-mode bytes --connbytes-dir both ; ; FAIL "abc" is not a number
-m connbytes --connbytes 100 --connbytes-mode bytes --connbytes-dir none ; ; FAIL unknown direction "none"
-m connbytes --connbytes 1:2:3 --connbytes-mode bytes --connbytes-dir both ; ; FAIL "2:3" is not a number
-m connbytes --connbytes "" --connbytes-mode bytes --connbytes-dir both ; -m connbytes --connbytes 0 --connbytes-mode bytes --connbytes-dir both ; OK
-m connbytes --connbytes : --connbytes-mode bytes --connbytes-dir both ; -m connbytes --connbytes 0 --connbytes-mode bytes --connbytes-dir both ; OK
-m connbytes ; ; FAIL connbytes needs --connbytes from[:to]

# family ipv6
-m connbytes --connbytes 4:8 --connbytes-mode packets --connbytes-dir both ; = ; OK
