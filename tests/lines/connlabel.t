# SPDX-License-Identifier: GPL-2.0-or-later
# -m connlabel: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it, without a connlabel.conf.

# family ipv4
# table filter
# chain INPUT
-m connlabel --label 5 ; -m connlabel --label "5" ; OK
-m connlabel --label 5 --set ; -m connlabel --label "5" --set ; OK
-m connlabel ! --label 5 --set ; -m connlabel ! --label "5" --set ; OK
-m connlabel --set --label 5 ; -m connlabel --label "5" --set ; OK
-m connlabel --label 0x10 ; -m connlabel --label "16" ; OK
-m connlabel --label 010 ; -m connlabel --label "8" ; OK
-m connlabel --label 127 ; -m connlabel --label "127" ; OK
-m connlabel --label 128 ; ; FAIL 128 is out of range (0 to 127)
-m connlabel --label abc ; ; FAIL "abc" is no label from 0 to 127
-m connlabel --label -1 ; ; FAIL "-1" is no label from 0 to 127
-m connlabel --label 5x ; ; FAIL "5x" is not a number from 0 to 127
-m connlabel --label "" ; ; FAIL "" is no label from 0 to 127
-m connlabel --set ; ; FAIL connlabel needs --label number
-m connlabel --label 4 --label 5 ; ; FAIL --label is given twice
-m connlabel ! --set --label 5 ; ; FAIL --set cannot be inverted

# table mangle
# chain POSTROUTING
-m connlabel --label 0 --set ; -m connlabel --label "0" --set ; OK

# family ipv6
-m connlabel --label 5 ; -m connlabel --label "5" ; OK
