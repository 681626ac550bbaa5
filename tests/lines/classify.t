# SPDX-License-Identifier: GPL-2.0-or-later
# -j CLASSIFY: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table mangle
# chain POSTROUTING
-j CLASSIFY --set-class 1:2 ; -j CLASSIFY --set-class 0001:0002 ; OK
-j CLASSIFY --set-class 10:ff ; -j CLASSIFY --set-class 0010:00ff ; OK
-j CLASSIFY --set-class 0:0 ; -j CLASSIFY --set-class 0000:0000 ; OK
-j CLASSIFY --set-class ffff:ffff ; = ; OK
-j CLASSIFY --set-class 1 ; ; FAIL "1" is not a class
-j CLASSIFY --set-class 1: ; ; FAIL "1:" is not a class
-j CLASSIFY --set-class :1 ; ; FAIL ":1" is not a class
-j CLASSIFY --set-class abc ; ; FAIL "abc" is not a class
-j CLASSIFY --set-class x:y ; ; FAIL "x:y" is not a class
-j CLASSIFY ; ; FAIL CLASSIFY needs --set-class major:minor
-j CLASSIFY --set-class 1:2 --set-class 1:3 ; ; FAIL --set-class is given twice
# chain FORWARD
-j CLASSIFY --set-class 1:20 ; -j CLASSIFY --set-class 0001:0020 ; OK
# chain OUTPUT
-j CLASSIFY --set-class 1:20 ; -j CLASSIFY --set-class 0001:0020 ; OK
# chain PREROUTING
-j CLASSIFY --set-class 1:20 ; ; FAIL CLASSIFY cannot be used in PREROUTING
# table filter
# chain FORWARD
-j CLASSIFY --set-class 1:20 ; -j CLASSIFY --set-class 0001:0020 ; OK
# chain INPUT
-j CLASSIFY --set-class 1:20 ; ; FAIL CLASSIFY cannot be used in INPUT

# family ipv6
# table mangle
# chain POSTROUTING
-j CLASSIFY --set-class 1:2 ; -j CLASSIFY --set-class 0001:0002 ; OK
